using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Storage;

namespace FaultTolerance.LocalCluster.Kubelet;

/// <summary>When a probe runs and how many answers decide, with Kubernetes' defaults.</summary>
/// <param name="InitialDelay">From the container's start to the first probe.</param>
/// <param name="Period">From one probe's start to the next.</param>
/// <param name="Timeout">Time for an answer.</param>
/// <param name="SuccessThreshold">Successes in a row that turn the result good.</param>
/// <param name="FailureThreshold">Failures in a row that turn it bad.</param>
internal sealed record ProbeSchedule(TimeSpan InitialDelay, TimeSpan Period, TimeSpan Timeout, int SuccessThreshold, int FailureThreshold)
{
    /// <summary>Reads a container's probe.</summary>
    public static ProbeSchedule From(JsonObject probe) => new(
        Seconds(probe, "initialDelaySeconds", 0), Seconds(probe, "periodSeconds", 10), Seconds(probe, "timeoutSeconds", 1),
        Count(probe, "successThreshold", 1), Count(probe, "failureThreshold", 3));

    private static TimeSpan Seconds(JsonObject probe, string key, int otherwise) =>
        TimeSpan.FromSeconds(Count(probe, key, otherwise));

    private static int Count(JsonObject probe, string key, int otherwise) =>
        probe.Number(key) is { } n and > 0 ? (int)Math.Min(n, int.MaxValue) : otherwise;
}

/// <summary>What one probe said.</summary>
/// <param name="Success">Good or bad.</param>
/// <param name="Message">Why it is bad.</param>
internal readonly record struct ProbeAnswer(bool Success, string Message);

/// <summary>Turns single answers into a result by the thresholds.</summary>
/// <param name="schedule">The thresholds.</param>
internal sealed class ProbeResult(ProbeSchedule schedule)
{
    private bool _last;
    private int _run;

    /// <summary>The result an answer leads to; null while the thresholds leave it open.</summary>
    public bool? Report(bool success)
    {
        _run = _run > 0 && success == _last ? _run + 1 : 1;
        _last = success;
        return _run >= (success ? schedule.SuccessThreshold : schedule.FailureThreshold) ? success : null;
    }
}

/// <summary>Runs one probe on its schedule.</summary>
internal static class ProbeLoop
{
    /// <summary>Probes until cancelled.</summary>
    /// <param name="schedule">When.</param>
    /// <param name="startedAt">When the container started: the initial delay counts from there.</param>
    /// <param name="probe">Asks once; its time-out is this loop's.</param>
    /// <param name="failed">Told of every failed answer.</param>
    /// <param name="decided">Told of the result whenever the thresholds give one; true ends the loop.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellation">Ends the loop.</param>
    public static async Task RunAsync(
        ProbeSchedule schedule, DateTimeOffset startedAt, Func<CancellationToken, Task<ProbeAnswer>> probe,
        Action<string> failed, Func<bool, bool> decided, TimeProvider time, CancellationToken cancellation)
    {
        var result = new ProbeResult(schedule);
        var first = startedAt + schedule.InitialDelay - time.GetUtcNow();
        if (first > TimeSpan.Zero)
        {
            await Task.Delay(first, time, cancellation);
        }

        using var timer = new PeriodicTimer(schedule.Period, time);
        do
        {
            var answer = await AskAsync(schedule, probe, time, cancellation);
            cancellation.ThrowIfCancellationRequested();
            if (!answer.Success)
            {
                failed(answer.Message);
            }

            if (result.Report(answer.Success) is { } good && decided(good))
            {
                return;
            }
        }
        while (await timer.WaitForNextTickAsync(cancellation));
    }

    private static async Task<ProbeAnswer> AskAsync(
        ProbeSchedule schedule, Func<CancellationToken, Task<ProbeAnswer>> probe, TimeProvider time, CancellationToken cancellation)
    {
        using var timeout = new CancellationTokenSource(schedule.Timeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
        try
        {
            return await probe(both.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new ProbeAnswer(false, $"no answer within {schedule.Timeout.TotalSeconds:0} s");
        }
    }
}
