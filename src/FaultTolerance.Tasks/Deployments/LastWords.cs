using FaultTolerance.Cluster;
using k8s.Models;

namespace FaultTolerance.Deployments;

/// <summary>What pods that are not ready said last: the last event of one that has not started, the last line of one that has.</summary>
/// <param name="session">Where.</param>
internal sealed class LastWords(ClusterSession session)
{
    private const int MostPods = 2;
    private const int LongestLine = 300;
    private const int MostBytes = 16 * 1024;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <summary>
    /// <c>; a: Pulling, Pulling image "x"; b said last: out of memory</c>, of two pods at most. What cannot be had within five seconds is
    /// left out, as it is a help and no need.
    /// </summary>
    /// <param name="pods">The pods; ready ones and those that are going are left out.</param>
    /// <param name="cancellation">Cancels.</param>
    public async Task<string> OfAsync(IEnumerable<V1Pod> pods, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(Limit, session.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        var words = await Task.WhenAll(
            pods.Where(pod => pod.Metadata.DeletionTimestamp is null && !PodTroubles.IsReady(pod))
                .Take(MostPods)
                .Select(pod => OfAsync(pod, both.Token))
        );
        cancellation.ThrowIfCancellationRequested();
        return string.Concat(words.Where(word => word.Length > 0).Select(word => $"; {word}"));
    }

    private async Task<string> OfAsync(V1Pod pod, CancellationToken cancellation)
    {
        try
        {
            return Started(pod) is { } status
                ? await LineAsync(pod, status, cancellation) is { Length: > 0 } line ? $"{pod.Metadata.Name} said last: {line}" : ""
                : await EventAsync(pod, cancellation);
        }
        catch (Exception e) when (e is ClusterException or IOException or HttpRequestException or OperationCanceledException)
        {
            return "";
        }
    }

    // Init containers come first: while one of them has not ended well the others cannot have begun.
    private static V1ContainerStatus? Started(V1Pod pod) =>
        (pod.Status?.InitContainerStatuses ?? [])
            .Where(s => s.State?.Terminated is not { ExitCode: 0 })
            .Concat((pod.Status?.ContainerStatuses ?? []).OrderBy(s => s.Ready))
            .FirstOrDefault(s => s.State?.Running is not null || s.State?.Terminated is not null || s.LastState?.Terminated is not null);

    private async Task<string> LineAsync(V1Pod pod, V1ContainerStatus status, CancellationToken cancellation)
    {
        var previous = status.State?.Waiting is not null;
        await using var log = await session.OpenLogAsync(pod.Metadata.Name, status.Name, previous, cancellation, tail: 5);
        if (log is null)
        {
            return "";
        }

        var bytes = new byte[MostBytes];
        var count = await log.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellation);
        var line = System.Text.Encoding.UTF8.GetString(bytes, 0, count).Split('\n').LastOrDefault(l => !string.IsNullOrWhiteSpace(l));
        return ForeignText.Line(line, LongestLine);
    }

    private async Task<string> EventAsync(V1Pod pod, CancellationToken cancellation)
    {
        var events = await session.ListAsync<Corev1Event>(ResourceType.Events, default, cancellation);
        return events.Where(e => e.InvolvedObject?.Uid == pod.Metadata.Uid).MaxBy(PodTroubles.Time) is { } last
            ? $"{pod.Metadata.Name}: {ForeignText.Line($"{last.Reason}, {last.Message}", LongestLine)}"
            : "";
    }
}
