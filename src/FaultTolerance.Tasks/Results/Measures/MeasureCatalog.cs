using System.Collections.Immutable;
using FaultTolerance.Results.Recovery;

namespace FaultTolerance.Results.Measures;

/// <summary>All measures of a row, each once. A run's result holds the catalogue that it was measured by.</summary>
internal sealed record MeasureCatalog
{
    /// <summary>The measures that every run has.</summary>
    public static MeasureCatalog Default { get; } = new();

    /// <summary>The reference suite's columns, in its order.</summary>
    public ImmutableArray<LegacyMeasure> Legacy { get; } = LegacyMeasures.All;

    /// <summary>Recovery by every definition, in the order of a fault's life.</summary>
    public ImmutableArray<RecoveryDefinition> Recovery { get; init; } = RecoveryDefinitions.All;

    /// <summary>What the fault cost.</summary>
    public ImmutableArray<IMeasure> Damage { get; init; } = DamageMeasures.All;

    /// <summary>The load's books.</summary>
    public ImmutableArray<IMeasure> Books { get; init; } = BooksMeasures.All;

    /// <summary>What making connections was.</summary>
    public ImmutableArray<IMeasure> Connections { get; init; } = ConnectionMeasures.All;

    /// <summary>What rolling upgrades and restarts were like.</summary>
    public ImmutableArray<IMeasure> Upgrades { get; init; } = UpgradeMeasures.All;

    /// <summary>What a row's faults come to together.</summary>
    public ImmutableArray<IMeasure> Soaks { get; init; } = SoakMeasures.All;

    /// <summary>How whole streams came through.</summary>
    public ImmutableArray<IMeasure> Continuity { get; init; } = ContinuityMeasures.All;

    /// <summary>What the whole load measured.</summary>
    public ImmutableArray<NumberMeasure> Numbers { get; init; } = NumbersMeasures.All;

    /// <summary>What a search for the highest rate found.</summary>
    public ImmutableArray<IMeasure> Rates { get; init; } = RateMeasures.All;

    /// <summary>
    /// Every measure: the reference suite's, recovery, damage, books, connections, upgrades, all faults together, streams, numbers, rates.
    /// </summary>
    public IEnumerable<IMeasure> All =>
        [.. Legacy, .. Recovery, .. Damage, .. Books, .. Connections, .. Upgrades, .. Soaks, .. Continuity, .. Numbers, .. Rates];

    /// <summary>The measure of that id; null where there is none.</summary>
    public IMeasure? Find(string id) => All.FirstOrDefault(measure => measure.Id == id);
}
