using FaultMatrix.Build.Tests.Support;

namespace FaultMatrix.Build.Tests.Hosting;

/// <summary>Tests of what is packed: one after the other, since what they do takes all of a small machine.</summary>
[CollectionDefinition(Name)]
public sealed class PackageCollection : ICollectionFixture<Packed>
{
    /// <summary>Its name.</summary>
    public const string Name = "package";
}
