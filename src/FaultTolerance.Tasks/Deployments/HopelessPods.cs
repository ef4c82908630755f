using System.Collections.Concurrent;
using System.Globalization;
using k8s.Models;

namespace FaultTolerance.Deployments;

/// <summary>
/// Tells pods that will not become ready however long they are waited for: a container that has ended three times with the same code, or
/// that cannot ever be started.
/// </summary>
/// <param name="time">A missing configuration counts when it has lasted: one that was just made is seen late.</param>
internal sealed class HopelessPods(TimeProvider time)
{
    private const int Ends = 3;
    private static readonly TimeSpan Lasting = TimeSpan.FromSeconds(10);
    private readonly ConcurrentDictionary<string, List<(int Restarts, int Code)>> _ends = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> _since = new(StringComparer.Ordinal);

    /// <summary>Why the pods are hopeless, <c>pod a: container main ...</c>; null while there is hope.</summary>
    public string? Why(IEnumerable<V1Pod> pods) =>
        pods.Where(p => p.Metadata.DeletionTimestamp is null)
            .SelectMany(p =>
                (p.Status?.InitContainerStatuses ?? [])
                    .Select(s => (Status: s, Stays: false))
                    .Concat((p.Status?.ContainerStatuses ?? []).Select(s => (Status: s, Stays: true)))
                    .Select(s => Why(p, s.Status, s.Stays) is { } why ? $"pod {p.Metadata.Name}: container {s.Status.Name} {why}" : null)
            )
            .FirstOrDefault(why => why is not null);

    private string? Why(V1Pod pod, V1ContainerStatus status, bool stays)
    {
        var key = $"{pod.Metadata.Uid}/{status.Name}";
        if (status.State?.Waiting is { Reason: "InvalidImageName" or "ErrImageNeverPull" } never)
        {
            return $"cannot be started: {Words(never)}";
        }

        if (status.State?.Waiting is { Reason: "CreateContainerConfigError" or "CreateContainerError" } missing)
        {
            return time.GetElapsedTime(_since.GetOrAdd(key, _ => time.GetTimestamp())) > Lasting
                ? $"cannot be started: {Words(missing)}"
                : null;
        }

        _since.TryRemove(key, out _);
        return Crashes(key, status, stays);
    }

    // An init container is to end with 0; one that is to stay and ends so each time will not become ready either.
    private string? Crashes(string key, V1ContainerStatus status, bool stays)
    {
        var ended = status.State?.Terminated ?? status.LastState?.Terminated;
        if (ended is null || (ended.ExitCode == 0 && !stays))
        {
            return null;
        }

        var ends = _ends.GetOrAdd(key, _ => []);
        lock (ends)
        {
            // An end that is still the container's present one is counted under the restart that will follow it.
            var number = status.RestartCount + (status.State?.Terminated is null ? 0 : 1);
            if (ends.All(e => e.Restarts != number))
            {
                ends.Add((number, ended.ExitCode));
            }

            // One that was met when it had ended often is believed to have ended alike.
            var alike = ends.Count(e => e.Code == ended.ExitCode) + (ends.Count == 1 ? number - 1 : 0);
            return number >= Ends && alike >= Ends
                ? string.Create(
                    CultureInfo.InvariantCulture,
                    $"has ended {number} times, at last with exit code {ended.ExitCode}{(string.IsNullOrEmpty(ended.Reason) ? "" : $" ({ForeignText.Line(ended.Reason, 60)})")}"
                )
                : null;
        }
    }

    private static string Words(V1ContainerStateWaiting waiting) =>
        string.IsNullOrEmpty(waiting.Message) ? waiting.Reason : $"{waiting.Reason}, {ForeignText.Line(waiting.Message, 300)}";
}
