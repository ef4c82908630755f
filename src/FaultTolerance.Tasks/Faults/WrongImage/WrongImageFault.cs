using FaultTolerance.Faults.Lasting;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Faults.WrongImage;

/// <summary>An image that cannot be had, for a while.</summary>
internal sealed record WrongImageFault : Fault, ILastingFault
{
    /// <summary>The kind's word.</summary>
    public const string Word = "wrongImage";

    /// <inheritdoc/>
    public override string Kind => Word;

    /// <summary>The image; a registry of that domain cannot exist.</summary>
    public string Image { get; init; } = Nowhere;

    /// <inheritdoc/>
    public required TimeSpan For { get; init; }

    /// <summary>What is taken where nobody says.</summary>
    public const string Nowhere = "faultmatrix.invalid/no-such-image:0";
}
