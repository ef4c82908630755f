namespace EndToEnd;

/// <summary>Tests whose findings hang on times: nothing else may run beside them.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
