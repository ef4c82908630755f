using System.Text.Json;

namespace FaultTolerance.Artefacts.Events;

/// <summary><c>clock</c>: the API server's clock against the runner's.</summary>
/// <param name="Offset">Seconds, the server's minus the runner's.</param>
/// <param name="RoundTrip">Seconds, the shortest round trip seen.</param>
/// <param name="Uncertainty">Seconds, half the width of the interval that the offset lies in.</param>
internal sealed record ClockMeasured(double? Offset, double? RoundTrip, double? Uncertainty) : TimelineEvent
{
    internal const string EventName = "clock";

    /// <inheritdoc/>
    public override string Name => EventName;

    internal override void WriteKeys(Utf8JsonWriter json)
    {
        json.Number("offset", Rounded(Offset, 4));
        json.Number("roundTrip", Rounded(RoundTrip, 6));
        json.Number("uncertainty", Rounded(Uncertainty, 4));
    }

    internal static ClockMeasured Read(EventKeys keys) =>
        new(keys.Seconds("offset"), keys.Seconds("roundTrip"), keys.Seconds("uncertainty"));

    private static double? Rounded(double? seconds, int digits) => seconds is { } known ? Math.Round(known, digits) : null;
}
