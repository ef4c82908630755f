using System.Text.RegularExpressions;
using FaultMatrix.Build.Tests.Support;

namespace FaultMatrix.Build.Tests.Scripts;

/// <summary>The files that CI hosts run.</summary>
public sealed partial class WorkflowTests
{
    private static readonly string GitHub = File.ReadAllText(Path.Combine(Repository.Root, ".github", "workflows", "fault-matrix.yml"));
    private static readonly string Azure = File.ReadAllText(Path.Combine(Repository.Root, "azure-pipelines.yml"));

    [Fact]
    public void Commands_are_those_that_README_shows()
    {
        foreach (var workflow in new[] { GitHub, Azure })
        {
            var commands = Command().Matches(workflow).Select(m => m.Value.Trim()).ToList();
            Assert.NotEmpty(commands);
            Assert.All(commands, c => Assert.Contains(c, ShownCommands.InBlocks));
        }
    }

    [Fact]
    public void Actions_are_pinned_by_commit()
    {
        var uses = Uses().Matches(GitHub).Select(m => m.Groups["action"].Value).ToList();
        Assert.NotEmpty(uses);
        Assert.All(uses, u => Assert.Matches("^[\\w-]+/[\\w-]+@[0-9a-f]{40} # v\\d", u));
    }

    [Fact]
    public void Token_may_read_and_nothing_else_and_is_not_kept()
    {
        Assert.Equal("contents: read", Assert.Single(Permissions().Matches(GitHub)).Groups["what"].Value);
        Assert.Equal(GitHub.Split("actions/checkout@").Length, GitHub.Split("persist-credentials: false").Length);
        Assert.Equal(Azure.Split("checkout: self").Length, Azure.Split("persistCredentials: false").Length);
    }

    // What somebody may type into a form must not become a part of a script.
    [Fact]
    public void Inputs_reach_scripts_by_the_environment_alone()
    {
        Assert.DoesNotMatch(@"run:.*\$\{\{", GitHub);
        Assert.DoesNotMatch(@"- bash:.*(\$\{\{|\$\()", Azure);
    }

    [GeneratedRegex(@"(exec )?\./build\.sh.*", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Command();

    [GeneratedRegex(@"uses: (?<action>.*)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Uses();

    [GeneratedRegex(@"^ *permissions:\s+(?<what>.*)$", RegexOptions.ExplicitCapture | RegexOptions.Multiline, 1000)]
    private static partial Regex Permissions();
}
