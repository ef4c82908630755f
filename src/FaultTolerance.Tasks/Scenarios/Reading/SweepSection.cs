using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FaultTolerance.Scenarios.Reading;

/// <summary>Reads a load's <c>sweep</c>: one of its keys with several values, each of which makes a row.</summary>
internal static class SweepSection
{
    private const int MostSteps = 50;

    private static readonly (string Key, string Word, double Most, bool Whole, Func<LoadSpec, double, LoadSpec> With)[] Keys =
    [
        ("ratePerClient", "rate", 1_000_000, false, (spec, value) => spec with { RatePerClient = value }),
        ("clients", "clients", 10_000, true, (spec, value) => spec with { Clients = (int)value }),
        ("inputTokens", "in", 1_000_000, true, (spec, value) => spec with { InputTokens = (int)value, InputLengths = null }),
        ("outputTokens", "out", 1_000_000, true, (spec, value) => spec with { OutputTokens = (int)value, OutputLengths = null }),
    ];

    /// <summary>The steps; empty where the load has no sweep. What is wrong is reported.</summary>
    /// <param name="item">The load's object.</param>
    /// <param name="spec">The load itself.</param>
    public static ImmutableArray<LoadVariant> Read(ObjectReader item, LoadSpec spec)
    {
        ArgumentNullException.ThrowIfNull(item);
        if (item.Object("sweep") is not { } sweep)
        {
            return [];
        }

        if (item.Has("prompts") && sweep.Has("inputTokens"))
        {
            sweep.Fault(ScenarioCodes.BadValue, "inputTokens", "'prompts' says what is asked; remove 'inputTokens' from 'sweep'", 0);
        }

        var steps = ImmutableArray.CreateBuilder<LoadVariant>();
        foreach (var (key, word, most, whole, with) in Keys.Where(one => sweep.Has(one.Key)))
        {
            foreach (var node in sweep.Raw(key) as JsonArray ?? [])
            {
                if (node is JsonValue number && number.GetValueKind() == JsonValueKind.Number
                    && double.TryParse(number.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
                    && value > 0 && value <= most
                    && (!whole || value == Math.Floor(value)))
                {
                    var text = value.ToString("0.####", CultureInfo.InvariantCulture).Replace('.', 'p');
                    steps.Add(new LoadVariant($"{word}-{text}", with(spec, value)));
                }
                else
                {
                    sweep.Fault(ScenarioCodes.BadValue, key, $"'{key}' must be a list of {(whole ? "whole numbers" : "numbers")} above 0, at most {most:N0}", 0);
                }
            }
        }

        sweep.End();
        if (steps.Count is 0 or > MostSteps || Keys.Count(one => sweep.Has(one.Key)) > 1
            || steps.DistinctBy(step => step.Suffix, StringComparer.Ordinal).Count() != steps.Count)
        {
            item.Fault(ScenarioCodes.BadValue, "sweep", $"'sweep' must have one key of {string.Join(", ", Keys.Select(one => one.Key))}, with 1 to {MostSteps} different values", 0);
        }

        return steps.ToImmutable();
    }
}
