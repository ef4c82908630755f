using FaultMatrix.Build.Tests.Support;

namespace FaultMatrix.Build.Tests.Hosting;

/// <summary>MSBuild makes every environment variable a property: of the bare names, none may reach a deployment.</summary>
public sealed class EnvironmentTests : IDisposable
{
    private readonly FakeRoot _root = new();

    public void Dispose() => _root.Dispose();

    [Theory]
    [InlineData("IMAGE")]
    [InlineData("Image")]
    public async Task Plain_msbuild_takes_no_bare_name(string variable)
    {
        await MsbuildAsync(
            new()
            {
                [variable] = "ubuntu:24.04",
                ["NAMESPACE"] = "kube-system",
                ["VERSION"] = "latest",
                ["PLATFORM"] = "arm64",
            }
        );
        Assert.Contains("namespace= image= ", _root.Journal[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plain_msbuild_takes_the_prefixed_name_and_a_property_before_it()
    {
        await MsbuildAsync(new() { ["IMAGE"] = "no", ["NUKE_IMAGE"] = "a:1", ["NUKE_NAMESPACE"] = "no" }, "-p:Namespace=ns");
        Assert.Contains("namespace=ns image=a:1 ", _root.Journal[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Front_takes_no_bare_name()
    {
        var (exitCode, output) = await FrontProcess.RunAsync(
            _root,
            ["Deploy", "--kubeconfig", _root.Kubeconfig],
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["IMAGE"] = "no",
                ["NAMESPACE"] = "no",
                ["SCENARIO"] = "no",
                ["RUN"] = "no",
                ["VERSION"] = "latest",
                ["PLATFORM"] = "arm64",
            }
        );
        Assert.True(exitCode == 0, output);
        Assert.Contains("namespace= image= ", _root.Journal[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Every_parameter_that_counts_only_prefixed_is_reset() =>
        Assert.Equal(
            Sut.Declarations.Parameters.Where(p => p.PrefixedOnly).Select(p => p.Name),
            System
                .Xml.Linq.XDocument.Load(Path.Combine(Repository.Root, Build.Model.Declarations.RelativePath))
                .Descendants("PropertyGroup")
                .Single(g => g.Attribute("Label")!.Value == "Environment")
                .Elements()
                .Select(e => e.Name.LocalName)
        );

    private async Task MsbuildAsync(Dictionary<string, string> environment, params string[] properties)
    {
        environment["FAKE_DOMAIN"] = Repository.FakeDomain;
        var (exitCode, output) = await StartedProgram.RunAsync(
            [
                "dotnet",
                "msbuild",
                Path.Combine(_root.Folder, "build", "matrix.proj"),
                "-nologo",
                "-m:1",
                "-nr:false",
                "-t:Deploy",
                .. properties,
            ],
            _root.Folder,
            environment
        );
        Assert.True(exitCode == 0, output);
    }
}
