using System.Collections.Immutable;

namespace FaultTolerance.Results.Recovery;

/// <summary>Every recovery definition, measured on one scenario.</summary>
internal static class RecoveryDefinitions
{
    /// <summary>The definitions in the order of a fault's life.</summary>
    public static ImmutableArray<RecoveryDefinition> All { get; } =
    [
        new Landed(),
        new FirstError(),
        new FirstNotice(),
        new ContainerStarted(),
        new EngineInitialised(),
        new PodReady(),
        new EndpointBack(),
        new FirstSuccess(),
        new LastError(),
        new Harmed(),
        Outage.OfAll,
        Outage.OfWorstClient,
        new DowntimeFromLosses(),
        new SteadyAgain(),
        new CapacityBack(),
    ];

    /// <summary>Measures all, by their ids.</summary>
    public static ImmutableArray<(string Name, Measured Value)> Of(RecoveryInput input) => Of(input, All);

    /// <summary>Measures these, by their ids.</summary>
    public static ImmutableArray<(string Name, Measured Value)> Of(RecoveryInput input, ImmutableArray<RecoveryDefinition> definitions) =>
        [.. definitions.Select(definition => (definition.Id, definition.Measure(input)))];
}
