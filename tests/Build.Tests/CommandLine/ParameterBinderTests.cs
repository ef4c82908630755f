using FaultMatrix.Build.CommandLine;
using FaultMatrix.Build.Model;
using FaultMatrix.Build.Tests.Support;

namespace FaultMatrix.Build.Tests.CommandLine;

public sealed class ParameterBinderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("faultmatrix-test-").FullName;

    public ParameterBinderTests() => Directory.CreateDirectory(Path.Combine(_folder, ".nuke"));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Bind_sources_command_line_beats_environment_beats_profile_beats_file_beats_default()
    {
        Assert.Null(Sut.Bind(_folder, "").Text("Parallelism"));
        WriteFile("parameters.json", """{ "Parallelism": 2 }""");
        Assert.Equal("2", Sut.Bind(_folder, "").Text("Parallelism"));
        WriteFile("parameters.ci.json", """{ "Parallelism": 3 }""");
        Assert.Equal("3", Sut.Bind(_folder, "--profile ci").Text("Parallelism"));
        Assert.Equal("4", Sut.Bind(_folder, "--profile ci", ("NUKE_PARALLELISM", "4")).Text("Parallelism"));
        Assert.Equal("5", Sut.Bind(_folder, "--profile ci --parallelism 5", ("NUKE_PARALLELISM", "4")).Text("Parallelism"));
    }

    [Theory]
    [InlineData("--seed 1 --seed 2", "--seed is given 2 times. Give it once.")]
    [InlineData("--scenario a b --wait -Scenario c", "--scenario is given 2 times. Give it once, with all its values: --scenario a b c")]
    [InlineData("--list --list", "--list is given 2 times. Give it once.")]
    public void Bind_parameter_given_twice_is_an_error(string commandLine, string expected) =>
        Assert.Equal(expected, Assert.Single(Assert.Throws<FrontException>(() => Sut.Bind(_folder, commandLine)).Errors).Message);

    [Theory]
    [InlineData("--scenario")]
    [InlineData("--scenario=")]
    [InlineData("--scenario= a")]
    [InlineData("--deployment")]
    [InlineData("--runs=")]
    [InlineData("--namespace=")]
    [InlineData("--run=")]
    [InlineData("--target")]
    public void Bind_parameter_without_a_value_is_an_error(string commandLine) =>
        Assert.Contains(
            "needs a value",
            Assert.Single(Assert.Throws<FrontException>(() => Sut.Bind(_folder, commandLine)).Errors).Message,
            StringComparison.Ordinal
        );

    // What CI systems make of an input that nobody filled in.
    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData(",")]
    public void Bind_empty_variable_of_a_list_is_an_error(string value) => Assert.Contains(
        "The environment variable NUKE_SCENARIO needs a value",
        Assert.Throws<FrontException>(() => Sut.Bind(_folder, "", ("NUKE_SCENARIO", value))).Errors[0].Message, StringComparison.Ordinal);

    // Each would select all of the matrix.
    [Theory]
    [InlineData("""{ "Scenario": "" }""")]
    [InlineData("""{ "scenario": "" }""")]
    [InlineData("""{ "Scenario": [] }""")]
    [InlineData("""{ "Scenario": [""] }""")]
    [InlineData("""{ "Scenario": ["a", ""] }""")]
    public void Bind_empty_list_of_a_file_is_an_error(string json)
    {
        WriteFile("parameters.json", json);
        Assert.Contains(
            "cenario", Assert.Single(Assert.Throws<FrontException>(() => Sut.Bind(_folder, "")).Errors).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bind_later_profile_wins()
    {
        WriteFile("parameters.a.json", """{ "Seed": 1, "Namespace": "a" }""");
        WriteFile("parameters.b.json", """{ "Seed": 2 }""");
        var values = Sut.Bind(_folder, "--profile a b");
        Assert.Equal(("2", "a"), (values.Text("Seed"), values.Text("Namespace")));
    }

    [Theory]
    [InlineData("NUKE_NAMESPACE")]
    [InlineData("NukeNamespace")]
    [InlineData("nuke_name_space")]
    public void Bind_environment_any_form_of_the_prefixed_name(string variable)
    {
        var values = Sut.Bind(_folder, "", (variable, "x"));
        Assert.Equal(("x", ValueSource.Environment), (values.Text("Namespace"), values["Namespace"]!.Source));
    }

    [Fact]
    public void Bind_environment_two_candidates_warns_and_takes_none()
    {
        var binder = Sut.Binder(_folder, ("NUKE_NAME_SPACE", "a"), ("NUKE_NAMESPACE", "b"));
        Assert.Null(binder.Bind(CommandLineParser.Parse([])).Text("Namespace"));
        Assert.Contains("NUKE_NAMESPACE or NUKE_NAME_SPACE", Assert.Single(binder.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Bind_environment_empty_counts_as_none()
    {
        var binder = Sut.Binder(_folder, ("NUKE_READY_TIMEOUT", ""), ("NUKE_NAME_SPACE", ""), ("NUKE_NAMESPACE", "b"));
        var values = binder.Bind(CommandLineParser.Parse([]));
        Assert.Equal((null, "b"), (values.Text("ReadyTimeout"), values.Text("Namespace")));
        Assert.Empty(binder.Warnings);
    }

    [Fact]
    public void Bind_environment_bare_names_mean_something_else_but_for_KUBECONFIG()
    {
        foreach (var parameter in Sut.Declarations.AllParameters.Where(p => p.Name != "Kubeconfig"))
        {
            foreach (
                var name in new[] { parameter.Name, parameter.Name.ToUpperInvariant(), Names.Dashed(parameter.Name).Replace('-', '_') }
            )
            {
                Assert.False(Sut.Bind(_folder, "", (name, "80")).IsGiven(parameter.Name), name);
            }
        }

        Assert.Equal("/k", Sut.Bind(_folder, "", ("KUBECONFIG", "/k")).Text("Kubeconfig"));
        Assert.Equal(["a", "b"], Sut.Bind(_folder, "", ("NUKE_COLUMNS", "a,b")).Items("Columns"));
    }

    [Theory]
    [InlineData("Load --target Inject+Parse", "Inject Parse", "--target names what runs, so Load is left out.")]
    [InlineData("Load --target Load", "Load", null)]
    [InlineData("--target Inject", "Inject", null)]
    [InlineData("Load", "Load", null)]
    [InlineData("", "FaultMatrix", null)]
    public void Targets_by_option_count_before_those_that_stand_alone(string commandLine, string expected, string? warning)
    {
        var (names, warnings) = Targets(commandLine);
        Assert.Equal(expected.Split(' '), names);
        Assert.Equal(warning, warnings.SingleOrDefault());
    }

    [Fact]
    public void Targets_of_the_environment_count_after_all_others() =>
        Assert.Equal(["Load"], Targets("Load", ("NUKE_TARGET", "Parse")).Names);

    [Theory]
    [InlineData("Load --target Injekt", "Injekt")]
    [InlineData("Laod --target Inject", "Laod")]
    public void Targets_unknown_in_either_place_is_an_error(string commandLine, string expected) =>
        Assert.Contains(
            $"'{expected}'",
            Assert.Throws<FrontException>(() => Targets(commandLine)).Errors[0].Message,
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("--plan true", "text")]
    [InlineData("--plan", "text")]
    [InlineData("--plan mermaid", "mermaid")]
    public void Bind_plan_is_a_flag_or_a_form(string commandLine, string expected) =>
        Assert.Equal(expected, Sut.Bind(_folder, commandLine).Text("Plan"));

    [Fact]
    public void Find_root_by_option_then_by_NUKE_ROOT_then_upwards()
    {
        var below = Directory.CreateDirectory(Path.Combine(_folder, "below")).FullName;
        string Root(string words, params (string, string)[] environment) =>
            RootFolder.Find(
                CommandLineParser.Parse(words.Split(' ', StringSplitOptions.RemoveEmptyEntries)),
                below,
                "/",
                environment.ToDictionary(e => e.Item1, e => e.Item2, StringComparer.Ordinal)
            );
        Assert.Equal(_folder, Root(""));
        Assert.Equal("/tmp", Root("", ("NUKE_ROOT", "/tmp")));
        Assert.Equal("/", Root("--root /", ("NUKE_ROOT", "/tmp")));
        Assert.Equal(below, Root("--root"));
        Assert.Equal("FT0108", Assert.Throws<FrontException>(() => Root("", ("NUKE_ROOT", "nowhere"))).Errors[0].Code);
    }

    [Fact]
    public void Bind_paths_are_relative_to_the_current_folder_but_in_files_to_the_root()
    {
        WriteFile("parameters.json", """{ "Results": "out" }""");
        Assert.Equal(Path.Combine(_folder, "out"), Sut.Bind(_folder, "").Text("Results"));
        Assert.Equal(Path.Combine(_folder, "here", "out"), Sut.Bind(_folder, "--results out").Text("Results"));
    }

    [Fact]
    public void Bind_many_mistakes_reports_them_all_at_once()
    {
        WriteFile("parameters.json", """{ "Nmespace": "x", "Seed": "many" }""");
        var errors = Assert
            .Throws<FrontException>(() => Sut.Bind(_folder, "--paralelism 2 --port none --format fancyy --profile nowhere"))
            .Errors;

        Assert.Equal(
            new[]
            {
                "FT0102 Unknown parameter '--paralelism'. Did you mean '--parallelism'?",
                "FT0104 There is no parameters file '.nuke/parameters.nowhere.json'.",
                "FT0102 .nuke/parameters.json: unknown key 'Nmespace'. Did you mean 'Namespace'?",
                "FT0103 --format takes one of fancy, markdown, not 'fancyy'. Did you mean 'fancy'?",
                "FT0103 .nuke/parameters.json: 'Seed' takes a whole number, not 'many'.",
                "FT0103 --port takes a whole number from 0 to 65535, not 'none'.",
            }.Order(StringComparer.Ordinal),
            errors.Select(e => $"{e.Code} {e.Message}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Bind_mistakes_of_a_file_know_their_lines()
    {
        WriteFile("parameters.json", "{\n  // ours\n  \"Nmespace\": { \"Seed\": 1 },\n  \"Seed\": \"many\",\n\n  \"Wait\": {}\n}");
        var errors = Assert.Throws<FrontException>(() => Sut.Bind(_folder, "")).Errors;
        Assert.Equal([("FT0102", 3), ("FT0103", 4), ("FT0103", 6)], errors.Select(e => (e.Code, e.Line)).Order());
        Assert.All(errors, e => Assert.Equal(Path.Combine(_folder, ".nuke", "parameters.json"), e.File));
    }

    [Theory]
    [InlineData("{ \"Seed\": 1,, }", "line 1")]
    [InlineData("[]", "not a JSON object")]
    public void Bind_broken_file_says_where(string json, string expected)
    {
        WriteFile("parameters.json", json);
        Assert.Contains(expected, Assert.Throws<FrontException>(() => Sut.Bind(_folder, "")).Errors[0].Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("30", "30")]
    [InlineData("1.5s", "1.5")]
    [InlineData("2m", "120")]
    [InlineData("1h", "3600")]
    [InlineData("500ms", "0.5")]
    public void Bind_seconds_takes_units(string word, string expected) =>
        Assert.Equal(expected, Sut.Bind(_folder, $"--sla {word}").Text("Sla"));

    [Theory]
    [InlineData("--sla -1")]
    [InlineData("--sla=-1")]
    [InlineData("--sla=NaN")]
    [InlineData("--list FaultMatrix")]
    [InlineData("--namespace a b")]
    [InlineData("--namespace")]
    [InlineData("--parallelism 0")]
    public void Bind_bad_value_is_an_error(string commandLine) => Assert.Throws<FrontException>(() => Sut.Bind(_folder, commandLine));

    [Theory]
    [InlineData("fault-matrix", "FaultMatrix")]
    [InlineData("FAULTMATRIX", "FaultMatrix")]
    [InlineData("Cluster-Up", "ClusterUp")]
    public void Resolve_targets_dashed_or_not_in_any_case(string word, string expected) =>
        Assert.Equal(expected, Assert.Single(Sut.Binder(_folder).Resolve([word])).Name);

    [Fact]
    public void Resolve_unknown_target_names_the_nearest() =>
        Assert.Equal(
            "Unknown target 'Teerdown'. Did you mean 'Teardown'?",
            Assert.Throws<FrontException>(() => Sut.Binder(_folder).Resolve(["Teerdown"])).Errors[0].Message
        );

    private (IReadOnlyList<string> Names, IReadOnlyList<string> Warnings) Targets(
        string commandLine,
        params IReadOnlyList<(string, string)> environment
    )
    {
        var command = CommandLineParser.Parse(commandLine.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        var binder = Sut.Binder(_folder, environment);
        return ([.. binder.Targets(command, binder.Bind(command)).Select(t => t.Name)], binder.Warnings);
    }

    private void WriteFile(string name, string json) => File.WriteAllText(Path.Combine(_folder, ".nuke", name), json);
}
