using System.Text.Json;

namespace FaultTolerance.Artefacts.Events;

/// <summary>What a rollout was like, as <c>fault.landed</c> tells it.</summary>
/// <param name="Seconds">From the order to the last new pod's being ready.</param>
/// <param name="FewestReady">The fewest pods of the service that were ready meanwhile; null where that was not seen.</param>
/// <param name="NewPods">Pods whose UID is new and that have what was rolled out.</param>
/// <param name="OldPods">Pods of the service that are not so.</param>
/// <param name="Restarts">Restarts of the new pods' containers.</param>
internal sealed record RolloutTold(double Seconds, long? FewestReady, long NewPods, long OldPods, long Restarts)
{
    /// <summary>What the platform said of it; null where it said nothing.</summary>
    public string? Platform { get; init; }

    internal void Write(Utf8JsonWriter json)
    {
        json.Number("rolloutSeconds", Seconds);
        json.Whole("fewestReady", FewestReady);
        json.Whole("newPods", NewPods);
        json.Whole("oldPods", OldPods);
        json.Whole("newRestarts", Restarts);
        json.Text("platform", Platform);
    }

    internal static RolloutTold? Read(EventKeys keys) => keys.Seconds("rolloutSeconds") is not { } seconds ? null
        : new(seconds, keys.Whole("fewestReady"), keys.Whole("newPods") ?? 0, keys.Whole("oldPods") ?? 0, keys.Whole("newRestarts") ?? 0)
        {
            Platform = keys["platform"] is { } said ? SecretText.Hide(ForeignText.Line(said)) : null,
        };
}
