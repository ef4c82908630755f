namespace RealCluster.Support;

/// <summary>Tests that kill whole runs, one after the other: the next command of one clears up what another has just left.</summary>
[CollectionDefinition(nameof(Killing))]
public sealed class Killing;
