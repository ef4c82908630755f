using FaultTolerance.Faults.Lasting;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Faults.DiskFill;

/// <summary>A file that fills a folder of a container.</summary>
internal sealed record DiskFillFault : Fault, ILastingFault, IContainerFault
{
    /// <summary>The kind's word.</summary>
    public const string Word = "diskFill";

    /// <inheritdoc/>
    public override string Kind => Word;

    /// <summary>The folder, as an emptyDir's mount.</summary>
    public required string Path { get; init; }

    /// <summary>Size of the file, MiB at most.</summary>
    public required int Megabytes { get; init; }

    /// <inheritdoc/>
    public required TimeSpan For { get; init; }

    /// <inheritdoc/>
    public string? Container { get; init; }
}
