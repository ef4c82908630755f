// Most of these tests wait for processes that wait themselves, for a load of seconds or a pod that gets ready: two cores bear three of them.
[assembly: CollectionBehavior(MaxParallelThreads = 3)]
