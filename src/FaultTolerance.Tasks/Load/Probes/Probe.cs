using FaultTolerance.Artefacts.Events;
using FaultTolerance.Runs;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Load.Probes;

/// <summary>
/// One client of this process beside a load from the cluster (<see cref="ProbeSpec"/>). It is a load of its own, with its log and its
/// timeline in a folder of its own, so that nothing of it gets into the row's books.
/// </summary>
/// <param name="load">The load that it is beside, with its seed.</param>
/// <param name="model">The model's name in the requests.</param>
/// <param name="transport">The row's own way to the frontends; the caller's.</param>
/// <param name="folder">Its folder, which is made.</param>
/// <param name="clock">The run's clock.</param>
/// <param name="options">How it is sent; when it starts and ends is the probe's.</param>
internal sealed class Probe(
    LoadSpec load, string model, IFrontendTransport transport, ScenarioFolder folder, RunClock clock, LoadOptions? options = null)
    : IAsyncDisposable
{
    private readonly CancellationTokenSource _enough = new();
    private readonly StartGate _gate = new();
    private TimelineWriter? _timeline;
    private ILoadRun? _run;

    /// <summary>Where what is seen of its way is told; null before it is prepared.</summary>
    public TimelineWriter? Timeline => _timeline;

    /// <summary>Opens its connection and measures the machine's floor, so that it can start at an instant.</summary>
    /// <exception cref="FaultMatrixException">FT0501: its log cannot be made; FT0505: it was there already.</exception>
    public async Task PrepareAsync(CancellationToken cancellation)
    {
        ResultAccess.CreateFolder(folder.Path);
        _timeline = new TimelineWriter(folder.Timeline, clock);
        _run = LoadGenerator.Start(
            ProbeSpec.Of(load), model, transport, folder, _timeline,
            (options ?? new()) with { Gate = _gate, Enough = _enough.Token }, CancellationToken.None);
        await (await Task.WhenAny(_gate.Prepared, _run.Completion).WaitAsync(cancellation).ConfigureAwait(false)).ConfigureAwait(false);
    }

    /// <summary>Names the instant at which it starts, on the run's clock.</summary>
    public void StartAt(DateTimeOffset instant) => _gate.Open(clock.TicksAt(instant));

    /// <summary>Has it send no more; what is under way goes on. Can be called again.</summary>
    public void Enough() => _enough.Cancel();

    /// <summary>Sends no more, and waits for what is under way.</summary>
    /// <exception cref="FaultMatrixException">
    /// As a load's own (<see cref="ILoadRun.Completion"/>); FT0705: its timeline cannot be written.
    /// </exception>
    public async Task EndAsync()
    {
        Enough();
        if (_run is { } run)
        {
            await run.Completion.ConfigureAwait(false);
        }

        if (_timeline?.Failure is { } failure)
        {
            throw failure;
        }
    }

    /// <summary>Ends what is under way, too.</summary>
    /// <exception cref="FaultMatrixException">As a load's own (<see cref="ILoadRun.Completion"/>).</exception>
    public Task StopAsync(string reason) => _run?.StopAsync(reason) ?? Task.CompletedTask;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_run is { } run)
        {
            await run.DisposeAsync().ConfigureAwait(false);
        }

        _timeline?.Dispose();
        _enough.Dispose();
    }
}
