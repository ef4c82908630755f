using System.Diagnostics;
using System.Globalization;
using FaultTolerance.StandIn.EngineCore;
using FaultTolerance.StandIn.Hosting;
using FaultTolerance.StandIn.Wire;

namespace FaultTolerance.StandIn.Worker;

/// <summary>The worker's engine core: a child process, asked over its standard input and output.</summary>
internal sealed class EngineProcess : IDisposable
{
    private readonly Process _process;
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _died = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private EngineProcess(Process process)
    {
        _process = process;
        Client = new(process.StandardInput.BaseStream);
    }

    public GenerationClient Client { get; }

    public int Id => _process.Id;

    /// <summary>Completes when the engine core is initialised.</summary>
    public Task Ready => _ready.Task;

    /// <summary>Completes when the engine core is gone.</summary>
    public Task Died => _died.Task;

    public static EngineProcess Start(int tensorParallelSize)
    {
        var start = new ProcessStartInfo(ImageLink.Find(Invocation.EngineCoreName))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        start.ArgumentList.Add("--tensor-parallel-size");
        start.ArgumentList.Add(tensorParallelSize.ToString(CultureInfo.InvariantCulture));
        var engine = new EngineProcess(Process.Start(start) ?? throw new InvalidOperationException("the engine core did not start"));
        _ = engine.ListenAsync();
        return engine;
    }

    /// <summary>Makes the engine core fail, as it does when its transfer partner is gone.</summary>
    public async ValueTask AbortAsync(string reason)
    {
        try
        {
            await Client.SendAsync($"{WorkerNotice.Abort} {reason}", CancellationToken.None);
        }
        catch (IOException)
        {
            // Dead already, which Died tells.
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        Client.Dispose();
        _process.Dispose();
    }

    private async Task ListenAsync()
    {
        await EngineCoreProgram.ReadOnThread(_process.StandardOutput.BaseStream, line =>
        {
            if (!Client.OnLine(line) && line == WorkerNotice.Ready)
            {
                _ready.TrySetResult();
            }
        });
        Client.OnClosed();
        _died.TrySetResult();
    }
}
