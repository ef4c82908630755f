using System.Globalization;
using FaultTolerance.Cluster;
using FaultTolerance.Load;
using FaultTolerance.Load.Workers;
using FaultTolerance.Runs;
using k8s.Models;

namespace FaultTolerance.LoadJobs;

/// <summary>A pod of the load's Job, as the runner sees it.</summary>
/// <param name="session">The cluster; the caller's.</param>
/// <param name="pod">The pod.</param>
/// <param name="index">Its index in the Job.</param>
/// <param name="share">Its clients.</param>
/// <param name="token">The plan's token.</param>
internal sealed class LoadPod(ClusterSession session, V1Pod pod, int index, ClientShare share, string token) : IAsyncDisposable
{
    /// <summary>The line to its worker.</summary>
    public WorkerLine Line { get; } = new(session, pod.Metadata.Name, token);

    /// <summary>Its name.</summary>
    public string Name => pod.Metadata.Name;

    /// <summary>Its node.</summary>
    public string? Node => pod.Spec?.NodeName;

    /// <summary>Its index in the Job.</summary>
    public int Index => index;

    /// <summary>Its clients.</summary>
    public ClientShare Share => share;

    /// <summary>Its clock; null before that was measured.</summary>
    public PodClock? Clock { get; private set; }

    /// <summary>What it said last; null before it spoke.</summary>
    public WorkerAnswer? Said { get; private set; }

    /// <summary>What it said last, on the run's clock; null before that was measured.</summary>
    public DateTimeOffset? SaidAt => Said is { } said && Clock is { } clock ? clock.At(said.Now) : null;

    /// <summary>When it started to send, on the run's clock.</summary>
    public DateTimeOffset? StartedAt => Said?.Passed is { } passed && Clock is { } clock ? clock.At(passed) : null;

    /// <summary>The index of a pod of an Indexed Job; null where it has none.</summary>
    public static int? IndexOf(V1Pod pod)
    {
        ArgumentNullException.ThrowIfNull(pod);
        var text = pod.Metadata.Labels?.TryGetValue(LoadJob.Index, out var label) == true ? label
            : pod.Metadata.Annotations?.TryGetValue(LoadJob.Index, out var note) == true ? note : null;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : null;
    }

    /// <summary>Asks it something.</summary>
    public async Task<byte[][]> AskAsync(WorkerAsk ask, CancellationToken cancellation)
    {
        var (answer, pieces) = await Line.AskAsync(ask, cancellation);
        Said = answer;
        return pieces;
    }

    /// <summary>Measures its clock, and has it prepare its load on the run's.</summary>
    public async Task BeginAsync(RunClock clock, CancellationToken cancellation)
    {
        Clock = await PodClock.MeasureAsync(Line, clock, cancellation);
        await AskAsync(new() { Begin = Clock.Anchor, Index = index }, cancellation);
    }

    /// <summary>How it has ended, in the cluster's words; null where it may still be there.</summary>
    public async Task<string?> EndAsync(CancellationToken cancellation)
    {
        var now = await session.FindAsync<V1Pod>(ResourceType.Pods, Name, cancellation);
        if (now is null || now.Metadata.Uid != pod.Metadata.Uid)
        {
            return "it was deleted";
        }

        var status = now.Status;
        var ended = status?.ContainerStatuses?.Select(container => container.State?.Terminated).FirstOrDefault(state => state is not null);
        return ended is not null ? $"its container ended ({ended.Reason}, exit code {ended.ExitCode})"
            : status?.Phase is "Failed" or "Succeeded" ? $"it ended ({status.Phase}, {status.Reason ?? "no reason is told"})"
            : null;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Line.DisposeAsync();
}
