// Most of these tests wait for processes that wait themselves (a load of seconds, a pod that gets ready), so two cores bear one more than two.
[assembly: CollectionBehavior(MaxParallelThreads = 3)]
