using System.Collections.Immutable;
using FaultTolerance.StandIn.EngineCore;
using FaultTolerance.StandIn.Hosting;
using FaultTolerance.StandIn.Wire;

namespace FaultTolerance.StandIn.Worker.Engines;

/// <summary>One process of a worker's engine, asked over its standard input and output; it ends when its input does.</summary>
internal sealed class EngineProcess : IDisposable
{
    private readonly IChild _child;
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _died = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private EngineProcess(string name, IChild child)
    {
        Name = name;
        _child = child;
        Client = new(child.Input);
    }

    public string Name { get; }

    public GenerationClient Client { get; }

    public int Id => _child.Id;

    /// <summary>Completes when the process says that it is initialised.</summary>
    public Task Ready => _ready.Task;

    /// <summary>Completes when the process is gone.</summary>
    public Task Died => _died.Task;

    /// <summary>Starts it; one that is not <paramref name="reaped"/> stays a zombie when it dies.</summary>
    public static EngineProcess Start(string name, ImmutableArray<string> arguments, bool reaped)
    {
        var path = ImageLink.Find(name);
        var engine = new EngineProcess(name, reaped ? new ReapedChild(path, arguments) : UnreapedChild.Start(path, arguments));
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
        Client.Dispose();
        _child.Dispose();
    }

    private async Task ListenAsync()
    {
        await EngineCoreProgram.ReadOnThreadAsync(_child.Output, line =>
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
