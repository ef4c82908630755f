using EndToEnd;

// Four at a time: most tests wait for processes and limits most of their time. Those that measure are in the collection Alone.
[assembly: CollectionBehavior(MaxParallelThreads = 4)]
[assembly: WhileThereIsTime]
