using System.Runtime.Versioning;

[assembly: SupportedOSPlatform("linux")]

// Most of these wait for the cluster, which takes up to a minute to delete a pod: with four at a time the machine was idle for half of the
// time. Those that measure, or change what is one for the whole cluster, are in the collection Alone.
[assembly: CollectionBehavior(MaxParallelThreads = 5)]
[assembly: WhileThereIsTime]
