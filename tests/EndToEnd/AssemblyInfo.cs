// One at a time: these tests time real processes, and share the checkout's builds.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
