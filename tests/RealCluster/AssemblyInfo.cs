using System.Runtime.Versioning;

[assembly: SupportedOSPlatform("linux")]

// One cluster, one node, two cores: side by side the tests would measure each other, and the resource definition is one for all.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
