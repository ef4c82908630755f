using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace FaultTolerance.StandIn.Tests.Beside;

/// <summary>The real frontend, router and mocker, from a Python environment with ai-dynamo.</summary>
internal sealed class RealDynamo : Subject
{
    private readonly string _python;
    private readonly string _modelFolder;
    private readonly string _files = Directory.CreateTempSubdirectory("faultmatrix-beside-").FullName;
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly Dictionary<int, Process> _processes = [];
    private readonly int _port = FreePort();
    private readonly int[] _workers = new int[2];
    private int _frontend;

    public RealDynamo(string environment, string modelFolder)
    {
        _python = Path.Combine(environment, "bin", "python3");
        _modelFolder = modelFolder;
        Frontend = new($"http://127.0.0.1:{_port}");
    }

    public override Uri Frontend { get; }

    public override string Model => "tiny";

    public override int FrontendId => _frontend;

    public override int WorkerId(int number) => _workers[number];

    public override async Task<int> ExitAsync(int id)
    {
        await _processes[id].WaitForExitAsync(TestContext.Current.CancellationToken);
        return _processes[id].ExitCode;
    }

    public override async ValueTask EndAsync()
    {
        if (TestContext.Current.TestState?.Result == TestResult.Failed)
        {
            TestContext.Current.TestOutputHelper?.WriteLine(string.Join('\n', _lines.TakeLast(20)));
        }

        foreach (var process in _processes.Values)
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
                await process.WaitForExitAsync();
            }

            process.Dispose();
        }

        Directory.Delete(_files, recursive: true);
    }

    protected override Task BeginFrontendAsync(string[] arguments, TimeSpan takes)
    {
        _frontend = Start(["dynamo.frontend", "--http-port", $"{_port}", .. arguments], systemPort: 0);
        return Task.CompletedTask;
    }

    protected override Task BeginWorkerAsync(int number, string? role, bool elsewhere, TimeSpan takes)
    {
        // Its addresses are of its own choice, another one's each time.
        string[] mode = role is null ? [] : ["--disaggregation-mode", role];
        _workers[number] = Start(["dynamo.mocker", "--model-path", _modelFolder, "--model-name", Model, .. mode], FreePort());
        return Task.CompletedTask;
    }

    /// <summary>A free port below 32768: the system port is read as a signed number of 16 bits.</summary>
    private static int FreePort()
    {
        const int First = 20_000;
        const int Count = 12_000;
        var at = Environment.ProcessId;
        for (var i = 0; i < Count; i++)
        {
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, First + ((at + i) % Count));
                listener.Start();
                return ((IPEndPoint)listener.LocalEndpoint).Port;
            }
            catch (SocketException)
            {
                // Taken: the next one.
            }
        }

        throw new InvalidOperationException("no free port");
    }

    private int Start(string[] module, int systemPort)
    {
        var start = new ProcessStartInfo(_python, ["-m", .. module])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        foreach (
            var (name, value) in new (string, string)[]
            {
                ("DYN_DISCOVERY_BACKEND", "file"),
                ("DYN_FILE_KV", _files),
                ("DYN_REQUEST_PLANE", "tcp"),
                ("DYN_EVENT_PLANE", "zmq"),
                ("DYN_HTTP_HOST", "127.0.0.1"),
                ("DYN_SYSTEM_HOST", "127.0.0.1"),
                ("DYN_TCP_RPC_HOST", "127.0.0.1"),
                ("DYN_EVENT_PLANE_HOST", "127.0.0.1"),
                ("DYN_TCP_RESPONSE_STREAM_HOST", "127.0.0.1"),
                ("DYN_LOG", "warn"),
            }
        )
        {
            start.Environment[name] = value;
        }

        if (systemPort > 0)
        {
            start.Environment["DYN_SYSTEM_PORT"] = $"{systemPort}";
        }

        var process = Process.Start(start)!;
        process.ErrorDataReceived += (_, line) => _lines.Enqueue(line.Data ?? "");
        process.OutputDataReceived += (_, line) => _lines.Enqueue(line.Data ?? "");
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        _processes[process.Id] = process;
        return process.Id;
    }
}
