using FaultTolerance.Scenarios.Work;

namespace FaultTolerance.Load.Work;

/// <summary>Draws lengths.</summary>
internal static class Lengths
{
    // A mean within the bounds makes more tries than a few rare; what they cost stays bounded.
    private const int MostTries = 100;

    /// <summary>A length, within the bounds that <paramref name="spec"/> gives.</summary>
    public static int Draw(LengthSpec spec, ref SeededDraws draws)
    {
        ArgumentNullException.ThrowIfNull(spec);
        switch (spec.Kind)
        {
            case LengthKind.Fixed:
                return (int)spec.Mean;
            case LengthKind.Mixture:
                return Draw(Part(spec, ref draws), ref draws);
            default:
                var length = spec.Mean;
                for (var tries = 0; tries < MostTries; tries++)
                {
                    length = Math.Round(Curve(spec, draws.NextNormal()));
                    if (length >= spec.Min && length <= spec.Max)
                    {
                        break;
                    }
                }

                return (int)Math.Clamp(length, spec.Min, spec.Max);
        }
    }

    private static double Curve(LengthSpec spec, double normal)
    {
        if (spec.Kind == LengthKind.Normal)
        {
            return spec.Mean + (spec.Deviation * normal);
        }

        var ratio = spec.Deviation / spec.Mean;
        var variance = Math.Log(1 + (ratio * ratio));
        return Math.Exp(Math.Log(spec.Mean) - (variance / 2) + (Math.Sqrt(variance) * normal));
    }

    private static LengthSpec Part(LengthSpec mixture, ref SeededDraws draws)
    {
        var left = draws.NextDouble() * mixture.Parts.Sum(part => part.Weight);
        foreach (var part in mixture.Parts)
        {
            left -= part.Weight;
            if (left < 0)
            {
                return part.Lengths;
            }
        }

        return mixture.Parts[^1].Lengths;
    }
}
