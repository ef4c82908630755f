using System.Collections.Immutable;
using System.Text.Json;
using FaultTolerance.Results.Reading;

namespace FaultTolerance.Results;

/// <summary>How the load generator did, by its own account in the timeline (event <c>load.health</c>).</summary>
/// <param name="Values">The event's figures by their keys, as ARCHITECTURE.md lists them; seconds, shares and rates.</param>
/// <param name="Reasons">Why its figures are not to be trusted; empty when they are.</param>
public sealed record GeneratorCheck(ImmutableArray<(string Key, double Value)> Values, ImmutableArray<string> Reasons)
{
    /// <summary>The keys of the figures, in the order in which they are shown.</summary>
    public static ImmutableArray<string> Keys { get; } =
    [
        "sendLagP50", "sendLagP99", "sendLagMax", "askedRate", "achievedRate", "cpuShare", "gcPause", "poolDelayP99", "poolDelayMax", "floorP50", "floorP99", "duration",
    ];

    /// <summary>A figure, or null where the event has none.</summary>
    public double? this[string key] => Values.Where(pair => pair.Key == key).Select(pair => (double?)pair.Value).FirstOrDefault();

    internal static GeneratorCheck? Of(Timeline timeline)
    {
        if (timeline.Of("load.health").LastOrDefault() is not { } health)
        {
            return null;
        }

        var reasons = Reasoned(health["reasons"]);
        return new GeneratorCheck(
            [.. Keys.Select(key => (key, value: health.Seconds(key))).Where(pair => pair.value is not null).Select(pair => (pair.key, pair.value!.Value))],
            health["valid"] == "false" && reasons.IsEmpty ? ["it says so, without a reason"] : reasons);
    }

    /// <summary>The reasons out of the event's list.</summary>
    internal static ImmutableArray<string> Reasoned(string? list)
    {
        try
        {
            return list is null ? [] : [.. JsonSerializer.Deserialize<string?[]>(list)?.OfType<string>() ?? []];
        }
        catch (JsonException)
        {
            // Not a list of texts; what it is says at least that something was wrong.
            return [list!];
        }
    }
}
