using System.Collections.Immutable;
using FaultTolerance.Artefacts;
using FaultTolerance.Artefacts.Events;
using FaultTolerance.Results.Recovery;

namespace FaultTolerance.Results.Upgrades;

/// <summary>The rollouts of a row together: rolling upgrades and restarts.</summary>
/// <param name="FailedRequests">Requests that failed from an order to the last new pod's being ready, by their end.</param>
/// <param name="FewestReady">The fewest pods of a service that were ready meanwhile.</param>
/// <param name="NewPods">Pods whose UID is new and that have the image or value that was rolled out.</param>
/// <param name="OldPods">Pods of the service that are not so.</param>
/// <param name="Restarts">Restarts of the new pods' containers.</param>
/// <param name="Seconds">From the order to the last new pod's being ready; of several the longest.</param>
internal sealed record Upgrade(
    long FailedRequests, long? FewestReady, long NewPods, long OldPods, long? Restarts, double Seconds)
{
    /// <summary>What the platform said of them, as where it does not roll such a service itself.</summary>
    public ImmutableArray<string> Platform { get; init; } = [];

    /// <summary>
    /// The rollouts that a row's timeline tells of; null where there is none, or an older version did not tell its figures.
    /// </summary>
    public static Upgrade? Of(Timeline timeline, IEnumerable<AttemptCollection> clients)
    {
        ArgumentNullException.ThrowIfNull(timeline);
        var rollouts = timeline.Of<FaultLanded>().Where(item => item.Rollout is not null).ToList();
        if (rollouts.Count == 0)
        {
            return null;
        }

        var orders = timeline.Of<FaultIssued>().GroupBy(item => item.Id ?? "", StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.First().At, StringComparer.Ordinal);
        var spans = rollouts.Select(item =>
        {
            var order = orders.GetValueOrDefault(item.Id ?? "", item.At);
            return (From: order, To: order + (long)(item.Rollout!.Seconds * TimeSpan.TicksPerSecond));
        }).ToList();
        var failed = RequestSample.Of(clients).Count(request => !request.Ok
            && spans.Exists(span => request.End >= span.From && request.End <= span.To));
        return new Upgrade(
            failed,
            rollouts.Min(item => item.Rollout!.FewestReady),
            rollouts.Sum(item => item.Rollout!.NewPods),
            rollouts.Sum(item => item.Rollout!.OldPods),
            rollouts.Sum(item => item.Rollout!.Restarts),
            rollouts.Max(item => item.Rollout!.Seconds))
        {
            Platform = [.. rollouts.Select(item => item.Rollout!.Platform).OfType<string>().Distinct(StringComparer.Ordinal)],
        };
    }
}
