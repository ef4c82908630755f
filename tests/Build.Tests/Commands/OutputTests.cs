using System.Text.Json;
using FaultMatrix.Build.Commands;
using FaultMatrix.Build.Hosting;
using FaultMatrix.Build.Tests.Support;

namespace FaultMatrix.Build.Tests.Commands;

public class OutputTests
{
    private static readonly EngineItem[] Scenarios =
    [
        new("agg-tp-1-dp-1-none", new Dictionary<string, string>(StringComparer.Ordinal) { ["ExpectedSeconds"] = "20" }),
        new("agg-tp-1-dp-1-frontend", new Dictionary<string, string>(StringComparer.Ordinal) { ["ExpectedSeconds"] = "25" }),
    ];

    private static readonly EngineItem[] Details =
    [
        Line("Scenario", "agg-tp-1-dp-1-frontend: about 25 s, 1000 requests of 10 clients", "agg-tp-1-dp-1-frontend, about 25 s"),
        Line("Creates", "  creates DynamoGraphDeployment ft-agg11-f", "DynamoGraphDeployment ft-agg11-f"),
        Line(
            "Fault",
            "  10 s after the first request: SIGINT to 'dynamo.frontend' in the first of 1 pod of Frontend",
            "SIGINT dynamo.frontend",
            "Frontend"
        ),
        Line("Permission", "Permissions in namespace 'ns' of https://example.org: 2 needed, all granted", ""),
    ];

    private static EngineItem Line(string kind, string text, string brief, string service = "") =>
        new(
            "line",
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["Kind"] = kind,
                ["Text"] = text,
                ["Short"] = brief,
                ["Scenario"] = kind == "Permission" ? "" : "agg-tp-1-dp-1-frontend",
                ["Service"] = service,
            }
        );

    [Theory]
    [InlineData(90)]
    [InlineData(50)]
    public void Help_is_as_committed(int width)
    {
        var help = HelpText.Of(Sut.Declarations, width);
        Golden.Check($"help-{width}.txt", help);
        Assert.All(
            help.Split('\n')
                .TakeWhile(l => !l.StartsWith("Exit codes", StringComparison.Ordinal))
                .Where(l => !l.Contains("->", StringComparison.Ordinal) && !l.StartsWith("Usage", StringComparison.Ordinal)),
            l => Assert.True(l.Length <= width, l)
        );
    }

    [Fact]
    public void Parameter_table_stands_between_its_comment_lines()
    {
        Golden.Check("parameters.md", ParameterTable.Of(Sut.Declarations));
        const string Begin = "<!-- parameters: written by ./build.sh Schema -->";
        Assert.Equal(
            $"a\n{Begin}\n{ParameterTable.Of(Sut.Declarations)}<!-- /parameters -->\nb",
            ParameterTable.Fill($"a\n{Begin}\nold\n<!-- /parameters -->\nb", Sut.Declarations));
        Assert.Equal("no table", ParameterTable.Fill("no table", Sut.Declarations));
    }

    [Fact]
    public void Schema_is_current() =>
        Assert.Equal(File.ReadAllText(Path.Combine(Repository.Root, ".nuke", "build.schema.json")), SchemaText.Of(Sut.Declarations));

    [Fact]
    public void Schema_every_property_can_be_completed_and_none_passes_for_a_secret()
    {
        using var schema = JsonDocument.Parse(SchemaText.Of(Sut.Declarations));
        var own = schema.RootElement.GetProperty("allOf")[0].GetProperty("properties").EnumerateObject();
        var builtIn = schema.RootElement.GetProperty("definitions").GetProperty("NukeBuild").GetProperty("properties").EnumerateObject();
        foreach (var property in own.Concat(builtIn))
        {
            Assert.True(property.Value.TryGetProperty("type", out _) || property.Value.TryGetProperty("$ref", out _), property.Name);
            Assert.False(property.Value.TryGetProperty("default", out _), property.Name);
            Assert.False(property.Value.GetProperty("description").GetString()!.EndsWith('.'));
        }
    }

    [Theory]
    [InlineData("FaultMatrix", null)]
    [InlineData("Deploy Load Inject", null)]
    [InlineData("FaultMatrix", "Parse")]
    public void Plan_is_as_committed(string targets, string? skip)
    {
        var plan = Sut.Plan(targets, skip);
        var name = (targets + (skip is null ? "" : $" without {skip}")).Replace(' ', '-').ToLowerInvariant();
        Golden.Check(
            $"plan-{name}.txt",
            PlanText.Text(plan, Scenarios, 2, Details, "Cluster: a local cluster would be started, with stand-in graphs.")
        );
        Golden.Check($"plan-{name}.mmd", PlanText.Mermaid(plan, Scenarios, Details));
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("pwsh")]
    public void Completion_script_is_as_committed(string shell) =>
        Golden.Check($"completion.{shell}", CompletionScript.Of(shell, Sut.Declarations, ["ci"]));

    [Theory]
    [InlineData("./build.sh Clus", "ClusterUp ClusterDown")]
    [InlineData("./build.sh FaultMatrix --kube", "--kubeconfig")]
    [InlineData("./build.sh --format m", "markdown")]
    [InlineData("./build.sh --format =", "fancy markdown")]
    [InlineData("./build.sh --format = m", "markdown")]
    [InlineData("./build.sh --profile c", "ci")]
    public async Task Completion_in_bash_offers_what_fits(string line, string expected)
    {
        var words = line.Split(' ');
        var script = CompletionScript.Of("bash", Sut.Declarations, ["ci"])
            + $"\nCOMP_WORDS=({string.Join(' ', words)}) COMP_CWORD={words.Length - 1}\n_faultmatrix\necho \"${{COMPREPLY[*]}}\"\n";
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, script, TestContext.Current.CancellationToken);
            var run = await ProgramRun.RunAsync("bash", [file], Path.GetTempPath(), TestContext.Current.CancellationToken);
            Assert.Equal(expected, run.Output.Trim());
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData("1/2", "a c")]
    [InlineData("2/2", "b d")]
    [InlineData(null, "a b c d")]
    public void Partition_takes_its_part(string? partition, string expected) =>
        Assert.Equal(expected.Split(' '), ScenarioSelection.Partition(["a", "b", "c", "d"], partition));
}
