namespace FaultTolerance.Scenarios.Reading;

/// <summary>Reads <c>stopWhen</c>, of a load or of a failure: the same keys mean the same in both.</summary>
internal static class StopSection
{
    /// <summary>The key.</summary>
    public const string Key = "stopWhen";

    private const int Most = 1_000_000_000;
    private static readonly string[] Limits = ["errorShare", "errorsInARow", "lost", "outage", "latency", "firstToken", "queue"];

    /// <summary>Reads the key; null where it is not there. What is wrong is reported.</summary>
    public static StopWhen? Read(ObjectReader parent)
    {
        ArgumentNullException.ThrowIfNull(parent);
        if (parent.Object(Key) is not { } item)
        {
            return null;
        }

        var usual = new StopWhen();
        var stop = usual with
        {
            ErrorShare = item.Has("errorShare") ? item.Number("errorShare", 0, 0, 1) : null,
            ErrorsInARow = Count(item, "errorsInARow", 1),
            Lost = Count(item, "lost", 0),
            Outage = Span(item, "outage"),
            Latency = Span(item, "latency"),
            FirstToken = Span(item, "firstToken"),
            Queue = Count(item, "queue", 1),
            Window = item.Seconds("window", usual.Window, 0, minExcluded: true),
            Fewest = item.Int("fewest", usual.Fewest, 1, Most),
        };
        item.End();
        return Limits.Any(item.Has) ? stop
            : item.Fault<StopWhen?>(ScenarioCodes.Missing, "", $"'{Key}' needs at least one of {string.Join(", ", Limits)}", null);
    }

    private static int? Count(ObjectReader item, string key, int least) => item.Has(key) ? item.Int(key, least, least, Most) : null;

    private static TimeSpan? Span(ObjectReader item, string key) =>
        item.Has(key) ? item.Seconds(key, TimeSpan.FromSeconds(1), 0, minExcluded: true) : null;
}
