using FaultTolerance.Scenarios.Reading;

namespace FaultTolerance.Scenarios;

public sealed class PodLoadsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("podloads-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Load_from_the_cluster_has_its_pods_and_image()
    {
        var load = Rows("""{ "clients": 8, "from": "cluster", "pods": 4, "image": "here/tool:3" }""")[0].Load;

        Assert.Equal((4, "here/tool:3"), (load.Pods, load.PodImage));
    }

    [Theory]
    [InlineData("""{ "pods": 4 }""", "'pods' is for loads from the cluster")]
    [InlineData("""{ "from": "cluster", "pods": 11, "clients": 10 }""", "11 pods cannot share 10 clients")]
    [InlineData("""{ "from": "cluster", "untilRecovered": 5 }""", "'untilRecovered' is not known to pods of their own")]
    [InlineData("""{ "from": "cluster", "stopWhen": { "lost": 5 } }""", "'stopWhen' is not known to pods of their own")]
    public void Load_that_cannot_be_is_refused_with_its_reason(string load, string words)
    {
        var error = Assert.Throws<ScenarioFileException>(() => Rows(load));

        Assert.Contains(error.Diagnostics, one => one.Code == ScenarioCodes.BadValue && one.Message.Contains(words, StringComparison.Ordinal));
    }

    [Fact]
    public void Refuse_pods_asked_for_and_an_address_named_there_is_no_such_row()
    {
        var error = Assert.Throws<FaultMatrixException>(() => PodLoads.Refuse(Rows("""{ "from": "cluster" }"""), byAddress: true));

        Assert.Equal("FT0524", error.Code);
    }

    [Fact]
    public void Refuse_row_that_a_failure_can_stop_is_refused()
    {
        var row = Rows("""{ "from": "cluster" }""")[0];

        var error = Assert.Throws<FaultMatrixException>(() =>
            PodLoads.Refuse([row with { Load = row.Load with { StopWhen = new StopWhen { Lost = 3 } } }], byAddress: false));

        Assert.Contains("'agg-none' cannot have its load from the cluster", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuse_loads_of_this_process_are_let_through() => PodLoads.Refuse(Rows("{ }"), byAddress: true);

    private System.Collections.Immutable.ImmutableArray<Scenario> Rows(string load)
    {
        var file = Path.Combine(_folder, "scenarios.json");
        File.WriteAllText(file, $$"""
            {
              "defaultProfile": "p",
              "deployments": { "agg": { "manifest": "agg.yaml", "replicas": 1, "tensorParallel": 1, "roles": ["frontend", "decode"] } },
              "failures": { "none": {} }, "loads": { "l": {{load}} }, "profiles": { "p": { "load": "l" } },
              "matrix": [ { "deployments": ["agg"], "failures": ["*"] } ]
            }
            """);
        return ScenarioFile.Load(file, new ScenarioOptions { CheckManifests = false }).Matrix;
    }
}
