using FaultTolerance.Graphs.Kinds;

namespace FaultTolerance.Graphs.Manifests;

public sealed class ManifestFaultsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("manifest-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Anchor_that_holds_itself_is_told_with_its_line()
    {
        var e = Assert.Throws<FaultMatrixException>(() => Manifest.Parse("x.yaml", "apiVersion: v1\nkind: X\na: &a\n  b: *a\n"));
        Assert.Equal(("FT0218", 4), (e.Code, e.Line));
        Assert.Contains("holds itself", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Aliases_that_stand_for_millions_of_nodes_are_told()
    {
        var bomb =
            "apiVersion: v1\nkind: X\na0: &a0 [x,x,x,x,x,x,x,x,x]\n"
            + string.Concat(Enumerable.Range(1, 20).Select(i => $"a{i}: &a{i} [{string.Join(',', Enumerable.Repeat($"*a{i - 1}", 9))}]\n"));
        var e = Assert.Throws<FaultMatrixException>(() => Manifest.Parse("x.yaml", bomb));
        Assert.Equal("FT0218", e.Code);
        Assert.Contains("more than 100000 nodes", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(200_000)]
    public void Nesting_without_a_bottom_is_told(int depth)
    {
        var e = Assert.Throws<FaultMatrixException>(() =>
            Manifest.Parse("x.yaml", "apiVersion: v1\nkind: X\na: " + new string('[', depth))
        );
        Assert.Equal("FT0218", e.Code);
    }

    [Theory]
    [InlineData("a: 1\na: 2", "twice")]
    [InlineData("? [a, b]\n: c", "a key is a text")]
    [InlineData("a: *nobody", "no anchor")]
    public void Odd_yaml_is_told(string yaml, string why)
    {
        var e = Assert.Throws<FaultMatrixException>(() => Manifest.Parse("x.yaml", "apiVersion: v1\nkind: X\n" + yaml));
        Assert.Equal("FT0218", e.Code);
        Assert.Contains(why, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Aliases_are_copies_of_what_they_stand_for()
    {
        var body = Manifest.Parse("x.yaml", "apiVersion: v1\nkind: X\na: &a {b: [1]}\nc: *a\n").Documents[0].Body;
        Assert.Equal("""{"b":[1]}""", body["c"]!.ToJsonString());
    }

    [Fact]
    public void A_file_without_an_end_is_told()
    {
        if (File.Exists("/dev/zero"))
        {
            Assert.Equal("FT0218", Assert.Throws<FaultMatrixException>(() => Manifest.Load("/dev/zero")).Code);
        }

        Assert.Equal("FT0208", Assert.Throws<FaultMatrixException>(() => Manifest.Load(_folder)).Code);
    }

    [Theory]
    [InlineData("services: {A: {componentType: worker}, B: {componentType: worker}}", "FT0223", "no frontend")]
    [InlineData(
        "services: {A: {componentType: frontend}, B: {componentType: frontend}, C: {componentType: worker}}",
        "FT0223",
        "2 frontends"
    )]
    [InlineData("services: {Frontend: {componentType: frontend}}", "FT0223", "no worker")]
    [InlineData("services: {Frontend: {componentType: 7}, W: {componentType: worker}}", "FT0222", "componentType must be a text")]
    [InlineData("services: {Frontend: {replicas: two}, W: {componentType: worker}}", "FT0222", "replicas must be a whole number")]
    [InlineData("services: {Frontend: {replicas: -1}, W: {componentType: worker}}", "FT0222", "replicas must be a whole number")]
    [InlineData(
        "services: {Frontend: {extraPodSpec: {mainContainer: {args: [1]}}}, W: {componentType: worker}}",
        "FT0222",
        "args must be a list of texts"
    )]
    [InlineData("services: {Frontend: {labels: {a: 1}}, W: {componentType: worker}}", "FT0222", "labels must be a map of texts")]
    [InlineData("services: []", "FT0215", "neither")]
    [InlineData("services: {A: null}", "FT0215", "neither")]
    public void Manifest_that_cannot_be_measured_is_told_before_anything_is_made(string spec, string code, string why)
    {
        var faults = FaultsOf($"apiVersion: nvidia.com/v1alpha1\nkind: DynamoGraphDeployment\nmetadata: {{name: x}}\nspec: {{{spec}}}\n");
        Assert.Contains(faults, fault => fault.Code == code && fault.Message.Contains(why, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("nvidia.com/v9")]
    [InlineData("nvidia.com/v1alpha2")]
    [InlineData("nvidia.org/v1alpha1")]
    [InlineData("v1")]
    public void Graph_of_an_unknown_apiVersion_is_told_before_anything_is_made(string version)
    {
        var faults = FaultsOf(
            $"apiVersion: {version}\nkind: DynamoGraphDeployment\nmetadata: {{name: x}}\n"
                + $"spec: {{services: {{F: {{componentType: frontend}}, W: {{componentType: worker}}}}}}\n");
        Assert.Contains(version, Assert.Single(faults).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_wrong_types_are_told_at_once() =>
        Assert.Equal(3, FaultsOf("apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: 7, labels: []}\nspec: {replicas: x}\n").Count);

    [Fact]
    public void A_frontend_as_a_sidecar_is_a_frontend() => Assert.Empty(FaultsOf("""
        apiVersion: nvidia.com/v1alpha1
        kind: DynamoGraphDeployment
        metadata: {name: x}
        spec: {services: {A: {componentType: worker, frontendSidecar: {image: x}}, B: {componentType: worker, subComponentType: prefill}}}
        """));

    [Fact]
    public void The_manifests_of_this_repository_have_no_fault()
    {
        var files = Directory.GetFiles(
            Path.Combine(Path.GetDirectoryName(FaultTolerance.Tests.Scenarios.RepositoryFiles.Scenarios)!, "deployments"),
            "*.yaml"
        );
        Assert.NotEmpty(files);
        Assert.All(files, file => Assert.Empty(GraphKinds.Default.FaultsOf(file)));
    }

    private IReadOnlyList<FaultMatrixException> FaultsOf(string yaml)
    {
        var path = Path.Combine(_folder, "x.yaml");
        File.WriteAllText(path, yaml);
        return GraphKinds.Default.FaultsOf(path);
    }
}
