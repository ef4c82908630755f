using System.Text;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Tests.Scenarios;

public sealed class ScenarioFileTests
{
    private static readonly ScenarioOptions NoManifests = RepositoryFiles.NoManifests;

    [Fact]
    public void Load_own_file_gives_the_matrix_of_30()
    {
        var catalog = ScenarioFile.Load(RepositoryFiles.Scenarios, NoManifests);

        Assert.Equal("quick", catalog.Profile);
        Assert.Equal(30, catalog.Matrix.Length);
        Assert.Equal([6, 6, 9, 9], catalog.Matrix.GroupBy(s => s.Deployment.Name, StringComparer.Ordinal).Select(group => group.Count()));
        Assert.Equal(30, catalog.Matrix.Select(s => s.GraphName).Distinct(StringComparer.Ordinal).Count());
        Assert.All(catalog.All, s => Assert.Matches("^[a-z]([-a-z0-9]{0,22}[a-z0-9])$", s.GraphName));
        Assert.All(catalog.Matrix.Where(s => s.Failure.Name != "none"), s =>
            Assert.Equal(TimeSpan.FromSeconds(1.5), s.Failure.Faults.Single().After)
        );
    }

    [Fact]
    public void Load_published_profile_has_the_reference_suites_numbers()
    {
        var scenario = ScenarioFile.Load(RepositoryFiles.Scenarios, NoManifests with { Profile = "published" }).Matrix[1];

        Assert.Equal("agg-tp-1-dp-1-frontend", scenario.Name);
        Assert.Equal((10, 150, 1.0), (scenario.Load.Clients, scenario.Load.RequestsPerClient, scenario.Load.RatePerClient));
        Assert.Equal(TimeSpan.FromSeconds(10), scenario.Failure.Faults[0].After);
        Assert.Equal("145", scenario.Deployment.Overlay.Environment["STANDIN_ENGINE_START_SECONDS"]);
    }

    [Fact]
    public void Select_name_outside_the_matrix_and_globs()
    {
        var catalog = ScenarioFile.Load(RepositoryFiles.Scenarios, NoManifests);

        Assert.Equal("agg-tp-2-dp-1-decode_worker", catalog.Select(["AGG-tp-2-dp-1-decode_worker"]).Single().Name);
        Assert.Equal(6, catalog.Select(["agg-tp-1-dp-1-*"]).Length);
        Assert.Equal(6, catalog.Select(["agg-tp-2-*"]).Length);
        Assert.Equal(8, catalog.Select(["*-frontend", "*-none"]).Length);
        Assert.Equal(30, catalog.Select([]).Length);
    }

    [Fact]
    public void Select_what_is_not_there_names_all_of_it()
    {
        var catalog = ScenarioFile.Load(RepositoryFiles.Scenarios, NoManifests);

        var error = Assert.Throws<ScenarioFileException>(() =>
            catalog.Select(["agg-tp-1-dp-1-decode_wroker", "agg-tp-1-dp-1-prefill_worker", "nothing*"])
        );

        Assert.Equal<string>(["FT0210", "FT0211", "FT0210"], error.Diagnostics.Select(d => d.Code));
        Assert.Contains("did you mean 'agg-tp-1-dp-1-decode_worker'?", error.Diagnostics[0].Message, StringComparison.Ordinal);
        Assert.Contains("needs a prefill service", error.Diagnostics[1].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Row_of_the_matrix_may_have_a_name_of_its_own()
    {
        var catalog = ScenarioFile.Parse(Named("\"one\"", "\"kill\"", "vllm_agg_token_overflow_2x"), "/x/s.json", NoManifests);

        var row = Assert.Single(catalog.Select(["vllm_agg_token_overflow_2x"]));
        Assert.Equal(("vllm_agg_token_overflow_2x", "one", "kill"), (row.Name, row.Deployment.Name, row.Failure.Name));
        Assert.Equal(["vllm_agg_token_overflow_2x", "two-kill"], catalog.Matrix.Select(r => r.Name));
    }

    [Theory]
    [InlineData("\"*\"", "\"kill\"", "a", "'name' is of one row, and this entry has 2")]
    [InlineData("\"one\"", "\"kill\"", "A b", "the name 'A b' must be of a-z, 0-9, '-' and '_'")]
    [InlineData("\"one\"", "\"kill\"", "other", "two rows have the name 'other'")]
    public void Name_that_a_row_cannot_have_is_told(string deployments, string failures, string name, string expected)
    {
        var error = Assert.Throws<ScenarioFileException>(() =>
            ScenarioFile.Parse(Named(deployments, failures, name), "/x/s.json", NoManifests));

        Assert.Contains(error.Diagnostics, d => d.Code == "FT0205" && d.Message.Contains(expected, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(63, 150, null)]
    [InlineData(64, 9, "and hold at most 63 characters")]
    [InlineData(63, 151, "and hold at most 150 characters")]
    public void Deployment_has_63_characters_at_most_and_a_row_150(int deployment, int row, string? expected)
    {
        var text = Encoding.UTF8.GetString(Named("\"one\"", "\"kill\"", new string('r', row)))
            .Replace("\"one\"", $"\"{new string('d', deployment)}\"", StringComparison.Ordinal);

        var error = Record.Exception(() => ScenarioFile.Parse(Encoding.UTF8.GetBytes(text), "/x/s.json", NoManifests));

        Assert.Equal(expected is null ? [] : [expected], (error as ScenarioFileException)?.Diagnostics
            .Select(d => d.Message[d.Message.IndexOf("and hold", StringComparison.Ordinal)..]) ?? []);
    }

    private static byte[] Named(string deployments, string failures, string name) => Encoding.UTF8.GetBytes($$"""
        {
          "deployments": { "one": { "manifest": "a.yaml" }, "two": { "manifest": "a.yaml" } },
          "failures": { "none": {}, "kill": { "kind": "killProcess", "target": "decode" } },
          "loads": { "l": {} },
          "profiles": { "quick": { "load": "l" } },
          "matrix": [
            { "deployments": [{{deployments}}], "failures": [{{failures}}], "name": "{{name}}" },
            { "deployments": ["two"], "failures": ["kill"]{{(name == "other" ? ", \"name\": \"other\"" : "")}} }
          ]
        }
        """);

    [Fact]
    public void Load_overrides_image_and_model()
    {
        var scenario = ScenarioFile.Load(RepositoryFiles.Scenarios, NoManifests with { Image = "i:2", Model = "m" }).Matrix[0];

        Assert.Equal(("i:2", "m"), (scenario.Deployment.Image, scenario.Deployment.Model));
    }

    [Fact]
    public void Load_reports_every_fault_at_once_with_its_line()
    {
        var error = Assert.Throws<ScenarioFileException>(() =>
            ScenarioFile.Parse(Golden("wrong.json"), "/x/scenarios.json", RepositoryFiles.Own)
        );

        Assert.Equal(Encoding.UTF8.GetString(Golden("wrong.txt")).TrimEnd(), error.Message);
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData("{\n \"loads\": {},\n}}", 3)]
    [InlineData("{\n\n \"loads\": [1,\n", 4)]
    [InlineData("[]", 1)]
    public void Load_broken_json_names_the_line(string text, int line)
    {
        var error = Assert.Throws<ScenarioFileException>(() =>
            ScenarioFile.Parse(Encoding.UTF8.GetBytes(text), "/x/scenarios.json", RepositoryFiles.Own)
        );

        Assert.Equal(("FT0201", line), (error.Code, error.Diagnostics.Single().Line));
    }

    [Fact]
    public void Load_missing_file_says_so()
    {
        var error = Assert.Throws<ScenarioFileException>(() => ScenarioFile.Load("/nowhere/scenarios.json"));

        Assert.Contains("cannot read the scenarios", error.Message, StringComparison.Ordinal);
    }

    private static byte[] Golden(string name) => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Scenarios", "golden", name));
}
