using System.Text;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Tests.Scenarios;

public sealed class ProfileInheritanceTests
{
    private const string Base = """
        "a": { "load": "l", "after": 3, "parallelism": 2, "environment": { "X": "1", "Y": "1" },
               "services": { "decode": { "readinessProbe": { "periodSeconds": 1, "httpGet": { "path": "/live", "port": 1 } }, "replicas": 2 }, "frontend": { "a": 1 } } }
        """;

    [Fact]
    public void Profile_has_from_the_other_what_it_does_not_say()
    {
        var catalog = Read(
            Base + """, "b": { "from": "a", "environment": { "Y": "2" } }, "c": { "from": "B", "after": 1, "load": "m" } """,
            "c"
        );
        var scenario = Assert.Single(catalog.Matrix);
        Assert.Equal(
            (7, 2, TimeSpan.FromSeconds(1)),
            (scenario.Load.Clients, catalog.Parallelism.AtMost, scenario.Failure.Faults[0].After));
        Assert.Equal(["X=1", "Y=2"], scenario.Deployment.Overlay.Environment.Select(pair => $"{pair.Key}={pair.Value}"));
        Assert.Equal(["decode", "frontend"], scenario.Deployment.Overlay.Services.Keys);
    }

    [Fact]
    public void Patches_of_services_do_what_the_two_do_one_after_the_other()
    {
        var overlay = Read(
            Base
                + """, "b": { "from": "a", "services": { "decode": { "readinessProbe": { "periodSeconds": 9, "httpGet": null } }, "prefill": { "b": 2 } } } """,
            "b"
        )
            .Matrix[0]
            .Deployment.Overlay;
        Assert.Equal("""{"readinessProbe":{"periodSeconds":9,"httpGet":null},"replicas":2}""", overlay.Services["decode"].ToJsonString());
        Assert.Equal(["decode", "frontend", "prefill"], overlay.Services.Keys);
    }

    [Theory]
    [InlineData(
        """ "b": { "from": "c" }, "c": { "from": "b", "load": "l" } """,
        "FT0205 $.profiles.b.from the profile goes on from itself: b → c → b|FT0205 $.profiles.c.from the profile goes on from itself: c → b → c"
    )]
    [InlineData(""" "b": { "from": "b", "load": "l" } """, "FT0205 $.profiles.b.from the profile goes on from itself: b → b")]
    [InlineData(
        """ "quick": { "load": "l" }, "b": { "from": "quik" }, "c": { "from": "b" } """,
        "FT0207 $.profiles.b.from there is no profile 'quik'; did you mean 'quick'?"
    )]
    [InlineData(
        """ "a": { "after": 1 }, "b": { "from": "a" } """,
        "FT0206 $.profiles.a 'load' is missing|FT0206 $.profiles.b 'load' is missing"
    )]
    public void Circle_unknown_name_and_missing_load_are_told_once_where_they_stand(string profiles, string expected)
    {
        var error = Assert.Throws<ScenarioFileException>(() => Read(profiles, "b"));
        Assert.Equal(expected.Split('|'), error.Diagnostics.Select(fault => $"{fault.Code} {fault.Path} {fault.Message}"));
    }

    [Theory]
    [InlineData("", 2)]
    [InlineData(", \"parallelismPerProcessor\": 0.5", 1)]
    [InlineData(", \"parallelism\": 8", 8)]
    [InlineData(", \"parallelism\": 8, \"parallelismPerProcessor\": 3", 6)]
    public void Profile_that_says_how_many_run_at_a_time_says_so_for_any_number_of_processors(string own, int expected)
    {
        var catalog = Read(
            $$"""
            "a": { "load": "l", "parallelism": 4, "parallelismPerProcessor": 1 }, "b": { "from": "a"{{own}} }
            """, "b");
        Assert.Equal(expected, catalog.Parallelism.On(2));
    }

    [Fact]
    public void Own_open_profile_has_the_quick_ones_graphs()
    {
        var (quick, open) = (Own("quick"), Own("open"));
        Assert.Equal(quick.Parallelism, open.Parallelism);
        var (one, other) = (quick.Matrix[0].Deployment.Overlay, open.Matrix[0].Deployment.Overlay);
        Assert.Equal(one.Environment, other.Environment);
        Assert.Equal(one.Services.Select(pair => pair.Value.ToJsonString()), other.Services.Select(pair => pair.Value.ToJsonString()));
    }

    private static ScenarioCatalog Own(string profile) =>
        ScenarioFile.Load(
            RepositoryFiles.Scenarios,
            new ScenarioOptions
            {
                CheckManifests = false,
                Profile = profile,
                Vocabulary = RepositoryFiles.Vocabulary,
            }
        );

    private static ScenarioCatalog Read(string profiles, string profile) => ScenarioFile.Parse(
        Encoding.UTF8.GetBytes($$"""
            {
              "deployments": { "d": { "manifest": "d.yaml" } },
              "failures": { "f": { "kind": "deletePod", "target": "decode" } },
              "loads": { "l": {}, "m": { "clients": 7 } },
              "profiles": { {{profiles}} },
              "matrix": [ { "deployments": ["*"], "failures": ["*"] } ]
            }
            """),
        "/x/scenarios.json", new ScenarioOptions { CheckManifests = false, Profile = profile, Vocabulary = RepositoryFiles.Vocabulary });
}
