using System.Runtime.Versioning;

[assembly: SupportedOSPlatform("linux")]

// Most of these wait for the cluster: four at a time cost nothing. Those that measure, or change what is one for the whole cluster,
// are in the collection Alone.
[assembly: CollectionBehavior(MaxParallelThreads = 4)]
[assembly: WhileThereIsTime]
