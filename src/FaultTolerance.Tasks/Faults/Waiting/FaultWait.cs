using System.Globalization;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Faults.Waiting;

/// <summary>Waits for what a step of a failure is to come after: the load, a log line, a metric.</summary>
internal static class FaultWait
{
    private static readonly TimeSpan OfLoad = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan OfPods = TimeSpan.FromMilliseconds(500);

    /// <summary>Waits until it is there.</summary>
    /// <param name="scene">Where.</param>
    /// <param name="fault">The step.</param>
    /// <param name="failed">Requests that had failed when the step before was ordered.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="FaultMatrixException">FT0641: it did not come in time, the load ended first, or nobody here can see it.</exception>
    public static async Task UntilAsync(FaultScene scene, Fault fault, long failed, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(scene);
        ArgumentNullException.ThrowIfNull(fault);
        var time = fault.Awaited?.Within ?? scene.Options.ReadyTimeout;
        using var limit = new CancellationTokenSource(time, scene.Session.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        try
        {
            await (fault.When switch
            {
                FaultStart.Steady => LoadAsync(scene, fault, load => load.IsSteady, both.Token),
                FaultStart.FirstError => LoadAsync(scene, fault, load => load.Failed > failed, both.Token),
                FaultStart.Load => LoadAsync(scene, fault, load => load.Done >= fault.Awaited!.Load, both.Token),
                FaultStart.Log => PodsAsync(scene, fault, new LogLook(scene, fault.Awaited!).IsThereAsync, both.Token),
                FaultStart.Metric => PodsAsync(scene, fault, new MetricLook(scene, fault.Awaited!).IsThereAsync, both.Token),
                _ => throw new ArgumentOutOfRangeException(nameof(fault), fault.When, "is waited for by others"),
            });
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw InVain(time, fault);
        }
    }

    /// <summary>The error where what a step waits for did not come in time.</summary>
    public static FaultMatrixException InVain(TimeSpan time, Fault fault) =>
        InVain($"waited {time.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture)} s for {Words(fault)} in vain");

    /// <summary>What is waited for, in words: <c>the first error</c>.</summary>
    public static string Words(Fault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        static string Number(double? value) => value?.ToString("0.###", CultureInfo.InvariantCulture) ?? "";
        return fault switch
        {
            { When: FaultStart.Steady } => "answers as before the first fault",
            { When: FaultStart.FirstError } => "the first error",
            { When: FaultStart.Load, Awaited: { } load } => $"{Number(100 * load.Load)} % of the planned requests",
            { When: FaultStart.Log, Awaited: { } log } => $"a log line of {log.Service} with '{log.Log}'",
            { When: FaultStart.Metric, Awaited: { } metric } => $"{metric.Metric} of {metric.Service}"
                + (metric.AtLeast is { } least ? $" at least {Number(least)}" : "") + (metric.AtMost is { } most ? $" at most {Number(most)}" : ""),
            { When: FaultStart.Healed } => "the end of those",
            { When: FaultStart.Ready } => "the end of those and all replicas ready",
            _ => "that",
        };
    }

    private static async Task LoadAsync(FaultScene scene, Fault fault, Func<ILoadEyes, bool> isThere, CancellationToken cancellation)
    {
        var load = scene.Options.Load ?? throw InVain(
            $"'when' waits for {Words(fault)}, and the load runs in another process; run Load and Inject in one command");
        while (!isThere(load))
        {
            MustRun(load, fault);
            await Task.Delay(OfLoad, scene.Session.Time, cancellation);
        }
    }

    private static async Task PodsAsync(
        FaultScene scene, Fault fault, Func<CancellationToken, Task<bool>> look, CancellationToken cancellation)
    {
        while (!await look(cancellation))
        {
            MustRun(scene.Options.Load, fault);
            await Task.Delay(OfPods, scene.Session.Time, cancellation);
        }
    }

    private static void MustRun(ILoadEyes? load, Fault fault)
    {
        if (load?.HasEnded == true)
        {
            throw InVain($"the load ended in the wait for {Words(fault)}");
        }
    }

    private static FaultMatrixException InVain(string why) => new("FT0641", $"{why}; this fault and those after it are left out");
}
