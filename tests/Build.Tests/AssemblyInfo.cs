// Most of these tests wait for processes that wait themselves, for a load of seconds or a ready pod: two cores bear three of them.
[assembly: CollectionBehavior(MaxParallelThreads = 3)]
