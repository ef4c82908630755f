using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Text;
using FaultTolerance.LocalCluster.Kubelet;
using FaultTolerance.LocalCluster.Storage;

namespace FaultTolerance.LocalCluster.Tests.Api;

/// <summary>A runtime without processes: logs are what a test wrote, commands are a few words, ports echo.</summary>
internal sealed class FakeRuntime : IPodRuntime
{
    private readonly Pipe _log = new();

    public LogRequest? LastLog { get; private set; }

    public IReadOnlyList<string> LastCommand { get; private set; } = [];

    /// <summary>Set when a session was disposed.</summary>
    public TaskCompletionSource SessionEnded { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task LogAsync(string text) => _log.Writer.WriteAsync(Encoding.UTF8.GetBytes(text)).AsTask();

    public void EndLog() => _log.Writer.Complete();

    public async Task WriteLogAsync(string @namespace, string pod, LogRequest request, Stream destination, CancellationToken cancellation)
    {
        LastLog = request;
        if (request.Previous)
        {
            throw StoreErrors.BadRequest($"previous terminated container \"main\" in pod \"{pod}\" not found");
        }

        await _log.Reader.CopyToAsync(destination, cancellation);
    }

    public Task<IExecSession> ExecAsync(
        string @namespace,
        string pod,
        string? container,
        IReadOnlyList<string> command,
        bool stdin,
        bool tty,
        CancellationToken cancellation
    )
    {
        LastCommand = command;
        if (command[0] == "nope")
        {
            throw new ExecStartException("exec: \"nope\": executable file not found in $PATH");
        }

        return Task.FromResult<IExecSession>(new Session(command, stdin, SessionEnded));
    }

    public async Task<Stream> ConnectAsync(string @namespace, string pod, int port, CancellationToken cancellation)
    {
        if (port == 1)
        {
            throw new StoreException(500, "InternalError", "connection refused");
        }

        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var client = new TcpClient();
        await client.ConnectAsync((IPEndPoint)listener.LocalEndpoint, cancellation);
        var server = await listener.AcceptTcpClientAsync(cancellation);
        _ = EchoAsync(server);
        return client.GetStream();
    }

    private static async Task EchoAsync(TcpClient server)
    {
        using (server)
        {
            var stream = server.GetStream();
            await stream.CopyToAsync(stream);
        }
    }

    /// <summary>"cat" gives its input back; "exit N" ends with N; "say X" says X on both outputs; "hang" runs until it is ended.</summary>
    private sealed class Session : IExecSession
    {
        private readonly Pipe _in = new();
        private readonly Pipe _out = new();
        private readonly Pipe _err = new();
        private readonly CancellationTokenSource _end = new();
        private readonly TaskCompletionSource _ended;
        private readonly Task<int> _run;

        public Session(IReadOnlyList<string> command, bool stdin, TaskCompletionSource ended)
        {
            _ended = ended;
            Input = stdin ? _in.Writer.AsStream() : null;
            _run = RunAsync(command);
        }

        public Stream? Input { get; }

        public Stream Output => _out.Reader.AsStream();

        public Stream Error => _err.Reader.AsStream();

        public Task<int> WaitAsync(CancellationToken cancellation) => _run.WaitAsync(cancellation);

        public async ValueTask DisposeAsync()
        {
            await _end.CancelAsync();
            _ended.TrySetResult();
        }

        private async Task<int> RunAsync(IReadOnlyList<string> command)
        {
            try
            {
                switch (command[0])
                {
                    case "cat":
                        await _in.Reader.CopyToAsync(_out.Writer, _end.Token);
                        break;
                    case "say":
                        await _out.Writer.WriteAsync(Encoding.UTF8.GetBytes(command[1]));
                        await _err.Writer.WriteAsync(Encoding.UTF8.GetBytes(command[1].ToUpperInvariant()));
                        break;
                    case "hang":
                        await Task.Delay(Timeout.Infinite, _end.Token);
                        break;
                    default:
                        break;
                }
            }
            finally
            {
                await _out.Writer.CompleteAsync();
                await _err.Writer.CompleteAsync();
            }

            return command[0] == "exit" ? int.Parse(command[1]) : 0;
        }
    }
}
