namespace FaultMatrix.Build.Tests.Hosting;

/// <summary>Tests that pack: one after the other, since they write the same files.</summary>
[CollectionDefinition(Name)]
public sealed class PackageCollection
{
    /// <summary>Its name.</summary>
    public const string Name = "package";
}
