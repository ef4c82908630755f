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
    [InlineData("""{ "from": "both", "pods": 2 }""", 2)]
    [InlineData("""{ "from": "both", "pods": 2, "probeRate": 0.1 }""", 0.1)]
    [InlineData("""{ "from": "both", "pods": 2, "probeRate": 50 }""", 50)]
    public void Load_from_both_has_its_pods_and_the_rate_of_the_client_from_here(string text, double rate)
    {
        var load = Rows(text)[0].Load;

        Assert.Equal((2, rate), (load.Pods, load.ProbeRate));
    }

    [Fact]
    public void Load_from_the_cluster_has_no_client_from_here() => Assert.Equal(0, Rows("""{ "from": "cluster" }""")[0].Load.ProbeRate);

    [Theory]
    [InlineData("""{ "from": "cluster", "probeRate": 2 }""", "'probeRate' is of the client from here beside the pods")]
    [InlineData("""{ "from": "both", "probeRate": 0.05 }""", "'probeRate' is 0.05, but must be from 0.1 to 50")]
    [InlineData("""{ "from": "both", "probeRate": 51 }""", "'probeRate' is 51, but must be from 0.1 to 50")]
    [InlineData("""{ "from": "both", "sessions": { "turns": 3 } }""", "turns wait for each other; set \"from\": \"cluster\"")]
    [InlineData("""{ "pods": 4 }""", "'pods' is for loads from the cluster")]
    [InlineData("""{ "from": "cluster", "pods": 11, "clients": 10 }""", "11 pods cannot share 10 clients")]
    [InlineData("""{ "from": "cluster", "reuse": "inTurn" }""", "pods share no connections")]
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
    public void Refuse_an_address_is_the_way_of_the_client_from_here_where_the_load_comes_from_both() =>
        PodLoads.Refuse(Rows("""{ "from": "both" }"""), byAddress: true);

    [Fact]
    public void Refuse_sessions_that_the_command_line_wants_from_both_are_no_such_row()
    {
        var rows = Rows("""{ "sessions": { "turns": 3 } }""", LoadSource.Of("both", "", ""));

        var error = Assert.Throws<FaultMatrixException>(() => PodLoads.Refuse(rows, byAddress: false));

        Assert.Equal("FT0524", error.Code);
        Assert.Contains("turns wait for each other", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuse_what_all_clients_see_together_is_let_through() =>
        PodLoads.Refuse(Rows("""{ "from": "cluster", "untilRecovered": 5, "stopWhen": { "lost": 5 } }"""), byAddress: false);

    [Fact]
    public void Refuse_rows_of_several_reasons_are_all_in_one_error()
    {
        var row = Rows("""{ "from": "cluster" }""")[0];
        var few = row with { Load = row.Load with { Pods = 11 } };
        var shared = row with { Load = row.Load with { Reuse = Reuse.InTurn } };

        var error = Assert.Throws<FaultMatrixException>(() =>
            PodLoads.Refuse([few, .. Enumerable.Range(2, 5).Select(shared.AsTrial)], byAddress: false));

        Assert.Equal(
            "'agg-none' cannot have its load from the cluster: 11 pods cannot share 10 clients; "
            + "'agg-none.2', 'agg-none.3', 'agg-none.4', 'agg-none.5' and 1 more cannot have their loads from the cluster: "
            + "pods share no connections, and 'reuse' asks for such",
            error.Message);
    }

    [Fact]
    public void Load_of_a_source_that_is_given_comes_from_there_whatever_the_file_says()
    {
        var row = Rows("""{ "clients": 8, "sweep": { "clients": [2, 3] } }""", LoadSource.Of("cluster", "2", ""));

        Assert.All(row, one => Assert.Equal(2, one.Load.Pods));
    }

    [Fact]
    public void Refuse_loads_of_this_process_are_let_through() => PodLoads.Refuse(Rows("{ }"), byAddress: true);

    private System.Collections.Immutable.ImmutableArray<Scenario> Rows(string load, LoadSource? source = null)
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
        return ScenarioFile.Load(file, new ScenarioOptions { CheckManifests = false, Source = source }).Matrix;
    }
}
