namespace RealCluster.Support;

/// <summary>Tests that nothing else may run beside: one node of two cores, and one resource definition for the whole cluster.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
