using System.Text.Json.Nodes;
using FaultTolerance.Results.Recovery;
using FaultTolerance.Scenarios;
using FaultTolerance.Scenarios.Reading;

namespace FaultTolerance.Results.Checks.Kinds;

/// <summary>What checks that compare with a limit share.</summary>
internal static class Limits
{
    /// <summary>The longest time that may be asked for: a day, in seconds.</summary>
    public const double MostSeconds = 86_400;

    /// <summary>Fragment of a number in a range.</summary>
    public static JsonObject Number(string description, double max) =>
        new() { ["type"] = "number", ["description"] = description, ["minimum"] = 0, ["maximum"] = Value(max) };

    /// <summary>Fragment of an object that gives limits by name.</summary>
    public static JsonObject ByName(string description, IEnumerable<string> names, double max)
    {
        var properties = new JsonObject();
        foreach (var name in names)
        {
            properties[name] = new JsonObject { ["type"] = "number", ["minimum"] = 0, ["maximum"] = Value(max) };
        }

        return new()
        {
            ["type"] = "object",
            ["description"] = description,
            ["additionalProperties"] = false,
            ["minProperties"] = 1,
            ["properties"] = properties,
        };
    }

    /// <summary>Reads such an object.</summary>
    public static List<(string Name, double Value)> Read(ObjectReader item, string key, IEnumerable<string> names, double max)
    {
        var limits = new List<(string, double)>();
        if (item.Object(key) is { } inner)
        {
            limits.AddRange(names.Where(inner.Has).Select(name => (name, inner.Number(name, 0, 0, max))));
            inner.End();
        }

        return limits;
    }

    /// <summary>Whether a measured time is within a limit. A bound above it is over; one below it tells nothing.</summary>
    public static Finding AtMost(Measured? measured, double limit, string what) => measured switch
    {
        { Kind: MeasuredKind.Value } value => Finding.Of(value.Seconds <= limit, $"{what}: {Seconds(value)} s"),
        { Kind: MeasuredKind.NotNeeded } => Finding.Of(true, $"{what}: nothing to recover from"),
        { Kind: MeasuredKind.Censored } bound when bound.Seconds > limit => Finding.Of(false, $"{what}: more than {Seconds(bound)} s"),
        { Kind: MeasuredKind.Censored } bound => Finding.Unknown($"{what}: the observation ended after {Seconds(bound)} s"),
        _ => Finding.Unknown($"{what} is not known"),
    };

    /// <summary>A check's bounds in words: <c>at least 1 and at most 3</c>.</summary>
    public static string Range(CheckSpec check)
    {
        ArgumentNullException.ThrowIfNull(check);
        string?[] bounds =
        [
            check.AtLeast is { } low ? $"at least {Finding.Number(low)}" : null,
            check.AtMost is { } high ? $"at most {Finding.Number(high)}" : null,
        ];
        return string.Join(" and ", bounds.OfType<string>());
    }

    private static string Seconds(Measured measured) => Finding.Number(Math.Round(measured.Seconds, 4));

    // Whole numbers stay whole in the schema's text.
    private static JsonValue Value(double number) =>
        number == Math.Floor(number) ? JsonValue.Create((long)number) : JsonValue.Create(number);
}
