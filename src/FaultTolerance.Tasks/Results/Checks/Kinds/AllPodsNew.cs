using FaultTolerance.Scenarios;

namespace FaultTolerance.Results.Checks.Kinds;

/// <summary>After a rolling upgrade or restart every pod of the service is new, with what was rolled out, and none restarted.</summary>
internal sealed class AllPodsNew() : Flag(
    "allPodsNew",
    "After a rolling upgrade or restart every pod of the service has a new UID and what was rolled out, and none restarted.",
    "all pods new after the rollout, without a restart")
{
    public override string UnknownWhen => "no rollout came to its end";

    public override Finding Judge(ScenarioResult row, CheckSpec check) => row.Upgrade is not { } upgrade
        ? Finding.Unknown("no rollout came to its end")
        : Finding.Of(
            upgrade is { OldPods: 0, NewPods: > 0, Restarts: 0 or null },
            $"{upgrade.NewPods} new, {upgrade.OldPods} old, {upgrade.Restarts ?? 0} restarts; "
            + $"fewest ready {Finding.Number(upgrade.FewestReady)}");
}
