using System.Collections.Immutable;
using FaultTolerance.Results.Upgrades;

namespace FaultTolerance.Results.Measures;

/// <summary>What a rolling upgrade or restart was like; empty in rows without one.</summary>
internal static class UpgradeMeasures
{
    /// <summary>All of them, in the order of their columns.</summary>
    public static ImmutableArray<IMeasure> All { get; } =
    [
        Of("upgrade_failed_requests", "Upgrade\nFailed", "Requests failed through the rollout", MeasureUnit.Requests,
            "requests that failed from the rollout’s order to the last new pod’s being ready", upgrade => upgrade.FailedRequests),
        Of("upgrade_fewest_ready", "Fewest\nReady", "Fewest pods ready through the rollout", MeasureUnit.Times,
            "the fewest pods of the service that were ready meanwhile", upgrade => upgrade.FewestReady),
        Of("upgrade_new_pods", "New\nPods", "Pods with a new UID and what was rolled out", MeasureUnit.Times,
            "pods whose UID is new and that have the image or value that was rolled out", upgrade => upgrade.NewPods),
        Of("upgrade_old_pods", "Old\nPods", "Pods that are not new after the rollout", MeasureUnit.Times,
            "pods of the service that are not so", upgrade => upgrade.OldPods),
        Of("upgrade_restarts", "Upgrade\nRestarts", "Restarts of the new pods", MeasureUnit.Times,
            "restarts of the new pods’ containers", upgrade => upgrade.Restarts),
        Of("upgrade_took", "Upgrade\nTook", "Rollout, from order to end", MeasureUnit.Seconds,
            "from the rollout’s order to the last new pod’s being ready", upgrade => upgrade.Seconds),
    ];

    private static RowMeasure Of(string id, string header, string title, MeasureUnit unit, string legend, Func<Upgrade, double?> value) =>
        new(id, header, title, unit, legend, row => row.Upgrade is { } upgrade ? value(upgrade) : null);
}
