using System.Collections.Immutable;
using System.Text.Json.Nodes;
using FaultTolerance.Scenarios.Work;

namespace FaultTolerance.Scenarios.Reading;

/// <summary>Reads a number of tokens: a whole number, or an object that says how they are distributed.</summary>
internal static class LengthKey
{
    private const int MostParts = 20;
    private static readonly string[] CurveKeys = ["mean", "deviation"];

    /// <summary>The value; <paramref name="fallback"/> where the key is missing. What is wrong is reported.</summary>
    /// <param name="item">The object that has the key.</param>
    /// <param name="key">The key.</param>
    /// <param name="fallback">What it is where it is left out.</param>
    /// <param name="nested">Whether it is a part of a mixture, which is no mixture itself.</param>
    public static LengthSpec Read(ObjectReader item, string key, int fallback, bool nested = false)
    {
        ArgumentNullException.ThrowIfNull(item);
        if (item.Raw(key) is not JsonObject || item.Object(key) is not { } one)
        {
            return LengthSpec.Fixed(item.Int(key, fallback, 1, LengthSpec.Longest));
        }

        var kind = one.Choice("kind", required: true, nested ? ["normal", "logNormal"] : ["normal", "logNormal", "mixture"]);
        var read = kind switch
        {
            null => LengthSpec.Fixed(fallback),
            "mixture" => new LengthSpec { Kind = LengthKind.Mixture, Parts = Parts(one, fallback) },
            _ => Curve(one, kind == "normal" ? LengthKind.Normal : LengthKind.LogNormal, fallback),
        };
        if (kind is not null)
        {
            one.End();
        }

        return read;
    }

    private static LengthSpec Curve(ObjectReader one, LengthKind kind, int fallback)
    {
        var curve = new LengthSpec
        {
            Kind = kind,
            Mean = one.Number("mean", fallback, 1, LengthSpec.Longest),
            Deviation = one.Number("deviation", 0, 0, LengthSpec.Longest),
            Min = one.Int("min", 1, 1, LengthSpec.Longest),
            Max = one.Int("max", LengthSpec.Longest, 1, LengthSpec.Longest),
        };
        foreach (var key in CurveKeys.Where(key => !one.Has(key)))
        {
            one.Fault(ScenarioCodes.Missing, "", $"'{key}' is missing", 0);
        }

        // Else most of what is drawn would be thrown away.
        return curve.Mean >= curve.Min && curve.Mean <= curve.Max ? curve
            : one.Fault(ScenarioCodes.BadValue, "mean", "'mean' must lie from 'min' to 'max'", curve);
    }

    private static ImmutableArray<LengthPart> Parts(ObjectReader one, int fallback)
    {
        var parts = ImmutableArray.CreateBuilder<LengthPart>();
        foreach (var part in one.Objects("parts"))
        {
            parts.Add(new LengthPart(
                part.Number("weight", 1, 0, 1_000_000, minExcluded: true),
                Read(part, "tokens", fallback, nested: true)));
            if (!part.Has("tokens"))
            {
                part.Fault(ScenarioCodes.Missing, "", "'tokens' is missing", 0);
            }

            part.End();
        }

        return parts.Count is > 0 and <= MostParts ? parts.ToImmutable()
            : one.Fault(ScenarioCodes.BadValue, "parts", $"a mixture must have 1 to {MostParts} 'parts'", parts.ToImmutable());
    }
}
