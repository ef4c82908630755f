using System.Collections.Immutable;

namespace FaultTolerance.Scenarios.Work;

/// <summary>How many tokens requests have, where they do not all have as many.</summary>
internal sealed record LengthSpec
{
    /// <summary>The most that can be asked for.</summary>
    public const int Longest = 1_000_000;

    /// <summary>The form of the distribution.</summary>
    public LengthKind Kind { get; init; }

    /// <summary>Mean of the lengths, before <see cref="Min"/> and <see cref="Max"/>; of a fixed one the length itself.</summary>
    public double Mean { get; init; }

    /// <summary>Their standard deviation, before <see cref="Min"/> and <see cref="Max"/>.</summary>
    public double Deviation { get; init; }

    /// <summary>What is shorter is drawn again.</summary>
    public int Min { get; init; } = 1;

    /// <summary>What is longer is drawn again.</summary>
    public int Max { get; init; } = Longest;

    /// <summary>Of a mixture: its parts; else empty.</summary>
    public ImmutableArray<LengthPart> Parts { get; init; } = [];

    /// <summary>No request is longer.</summary>
    public int Most => Kind switch
    {
        LengthKind.Fixed => (int)Mean,
        LengthKind.Mixture => Parts.IsEmpty ? 1 : Parts.Max(part => part.Lengths.Most),
        _ => Max,
    };

    /// <summary>About their mean, in whole tokens.</summary>
    public int Typical => (int)Math.Round(Kind != LengthKind.Mixture ? Mean
        : Parts.Sum(part => part.Weight * part.Lengths.Mean) / Math.Max(1e-9, Parts.Sum(part => part.Weight)));

    /// <summary>Whether it says the same.</summary>
    public bool Equals(LengthSpec? other) => other is not null
        && (Kind, Mean, Deviation, Min, Max) == (other.Kind, other.Mean, other.Deviation, other.Min, other.Max)
        && Parts.SequenceEqual(other.Parts);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Kind, Mean, Deviation, Min, Max, Parts.Length);

    /// <summary>All requests have this length.</summary>
    public static LengthSpec Fixed(int tokens) => new() { Kind = LengthKind.Fixed, Mean = tokens };
}

/// <summary>A part of a mixture.</summary>
/// <param name="Weight">How many of the requests it has, against the other parts' weights.</param>
/// <param name="Lengths">Their lengths.</param>
internal sealed record LengthPart(double Weight, LengthSpec Lengths);

/// <summary>Forms of distributions of lengths.</summary>
internal enum LengthKind
{
    /// <summary>One length.</summary>
    Fixed,

    /// <summary>The normal distribution.</summary>
    Normal,

    /// <summary>The logarithms of the lengths are normal: many short ones and a few long ones.</summary>
    LogNormal,

    /// <summary>Each request is of one of several kinds.</summary>
    Mixture,
}
