using System.Collections.Immutable;

namespace FaultTolerance.Results.Recovery;

/// <summary>Every recovery definition, measured on one scenario.</summary>
public static class RecoveryMeasures
{
    /// <summary>The definitions in the order of a fault's life.</summary>
    public static ImmutableArray<IRecoveryDefinition> Definitions { get; } =
    [
        new IssuedToLanded(), new FirstError(), new FirstNotice(), new ContainerStarted(), new EngineInitialised(), new PodReady(), new EndpointBack(),
        new FirstSuccess(), new Harmed(), new LongestGap(perClient: false), new LongestGap(perClient: true), new DowntimeFromLosses(), new SteadyAgain(), new CapacityBack(),
    ];

    /// <summary>Measures all, by their names.</summary>
    public static ImmutableArray<(string Name, Measured Value)> Of(RecoveryInput input) =>
        [.. Definitions.Select(definition => (definition.Name, definition.Measure(input)))];
}
