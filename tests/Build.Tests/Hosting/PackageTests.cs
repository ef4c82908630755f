using System.IO.Compression;
using System.Text;
using System.Xml.Linq;
using FaultMatrix.Build.Tests.Support;

namespace FaultMatrix.Build.Tests.Hosting;

/// <summary>What lies in the package of the tasks, and what does not.</summary>
[Collection(PackageCollection.Name)]
public sealed class PackageTests(Packed packed)
{
    private const long Largest = 7_000_000;

    private static readonly string[] Expected =
    [
        "README.md",
        "build/FaultTolerance.Tasks.props",
        "build/FaultTolerance.Tasks.targets",
        "buildTransitive/FaultTolerance.Tasks.targets",
        "deploy/stand-in/crd.yaml",
        "deploy/stand-in/operator.yaml",
        "example/agg.yaml",
        "example/scenarios.json",
        "msbuild/FaultTolerance.Parameters.props",
        "msbuild/FaultTolerance.Try.targets",
        "msbuild/ImageContents.targets",
        "msbuild/scenario.proj",
        "schema/build.schema.json",
        "schema/scenarios.schema.json",
        "tasks/net10.0/FaultTolerance.Tasks.dll",
        "tasks/net10.0/FaultTolerance.Tasks.deps.json",
        "tasks/net10.0/KubernetesClient.dll",
    ];

    // All of it: what else lay there would be of one machine.
    private static readonly string[] Tools =
    [
        "tools/net10.0/local-cluster/FaultTolerance.LocalCluster.dll",
        "tools/net10.0/local-cluster/FaultTolerance.LocalCluster.runtimeconfig.json",
        "tools/net10.0/local-cluster/YamlDotNet.dll",
        "tools/net10.0/stand-in/FaultTolerance.StandIn.dll",
        "tools/net10.0/stand-in/FaultTolerance.StandIn.runtimeconfig.json",
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Package_holds_what_a_consumer_needs_and_is_small()
    {
        var file = packed.Package;
        await using var package = await ZipFile.OpenReadAsync(file, Cancellation);
        var names = package.Entries.Select(entry => entry.FullName).ToList();

        Assert.Empty(Expected.Except(names));
        Assert.Equal(Tools, names.Where(name => name.StartsWith("tools/", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.DoesNotContain(package.Entries, entry => entry.Name.StartsWith("Microsoft.Build", StringComparison.Ordinal));
        Assert.InRange(new FileInfo(file).Length, 1, Largest);
    }

    [Fact]
    public async Task Package_names_its_licence_and_needs_no_other_package()
    {
        await using var package = await ZipFile.OpenReadAsync(packed.Package, Cancellation);
        await using var stream = await package.GetEntry("FaultTolerance.Tasks.nuspec")!.OpenAsync(Cancellation);
        var metadata = (await XDocument.LoadAsync(stream, LoadOptions.None, Cancellation)).Root!.Elements().First();
        string? Of(string name) => metadata.Elements().FirstOrDefault(element => element.Name.LocalName == name)?.Value;

        Assert.Equal(("Apache-2.0", "README.md", "true"), (Of("license"), Of("readme"), Of("developmentDependency")));
        Assert.DoesNotContain(metadata.Descendants(), element => element.Name.LocalName == "dependency");
    }

    [Fact]
    public async Task Package_names_no_path_of_this_machine()
    {
        await using var package = await ZipFile.OpenReadAsync(packed.Package, Cancellation);
        await using var symbols = await ZipFile.OpenReadAsync(
            Assert.Single(Directory.GetFiles(packed.Folder, "*.snupkg")), Cancellation);
        ZipArchiveEntry[] entries =
        [
            .. package.Entries.Where(entry => entry.Name.StartsWith("FaultTolerance.", StringComparison.Ordinal)),
            symbols.GetEntry("tasks/net10.0/FaultTolerance.Tasks.pdb")!,
        ];
        foreach (var entry in entries)
        {
            await using var stream = await entry.OpenAsync(Cancellation);
            using var bytes = new MemoryStream();
            await stream.CopyToAsync(bytes, Cancellation);
            Assert.True(bytes.ToArray().AsSpan().IndexOf(Encoding.UTF8.GetBytes(Repository.Root + "/")) < 0, entry.FullName);
        }
    }
}
