using System.Reflection.PortableExecutable;
using FaultMatrix.Build.Tests.Support;

namespace FaultMatrix.Build.Tests.Hosting;

/// <summary>What eng/AheadOfTime.targets makes.</summary>
public sealed class AheadOfTimeTests
{
    [Theory]
    [InlineData("FaultTolerance.Tasks", "FaultTolerance.Tasks")]
    [InlineData("FaultTolerance.LocalCluster", "FaultTolerance.LocalCluster")]
    [InlineData("_build", "faultmatrix")]
    public void Assembly_that_is_run_holds_machine_code_beside_its_intermediate_code(string project, string assembly)
    {
        var ahead = Path.Combine(Repository.Root, "artifacts", "obj", project, "release", "ahead", $"{assembly}.dll");
        Assert.SkipUnless(File.Exists(ahead), "it was built without the compiler for machine code");

        using var image = new PEReader(File.OpenRead(Path.Combine(Repository.Root, "artifacts", "bin", project, "release", $"{assembly}.dll")));

        var header = image.PEHeaders.CorHeader!;
        Assert.True(header.ManagedNativeHeaderDirectory.Size > 0, "no machine code");
        Assert.True(header.MetadataDirectory.Size > 0, "no intermediate code");
    }
}
