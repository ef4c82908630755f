using FaultMatrix.Build.Tests.Support;

namespace FaultMatrix.Build.Tests.Scripts;

/// <summary>What README and its neighbours show works as it is shown.</summary>
public sealed class ShownCommandTests(LocalCluster cluster) : IClassFixture<LocalCluster>, IDisposable
{
    // One is what runs these tests; the other is run by the test of the package's consumer.
    private static readonly string[] RunElsewhere = ["Test", "Pack"];

    private readonly FakeRoot _root = new();

    public static TheoryData<string> Words => [.. ShownCommands.Words];

    public void Dispose() => _root.Dispose();

    [Theory]
    [MemberData(nameof(Words))]
    public async Task Shown_command_is_understood_and_can_be_planned(string words)
    {
        var split = await ShownCommands.SplitAsync(words, cluster.Kubeconfig, Home());
        var (exitCode, output) = await StartedProgram.RunAsync(
            [
                "dotnet",
                "exec",
                Path.Combine(AppContext.BaseDirectory, "faultmatrix.dll"),
                .. split,
                .. split.Contains("--plan") ? [] : new[] { "--plan" },
                "--root",
                Repository.Root,
                // What this machine ran before is no part of what is shown.
                .. split.Contains("--continue") ? new[] { "--results", Path.Combine(_root.Folder, "no-results") } : [],
            ],
            _root.Folder,
            new Dictionary<string, string>(StringComparer.Ordinal) { ["HOME"] = Home() }
        );
        Assert.True(exitCode == 0, output);
        Assert.DoesNotContain("MISSING", output, StringComparison.Ordinal);
    }

    // The real front and the real engine; the tasks only keep a journal. The real tasks are run so by the end-to-end tests.
    [Fact]
    public async Task Shown_commands_one_after_another_all_succeed()
    {
        _root.AddFakeCluster();
        Home();
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["FAKE_ANY_SCENARIO"] = "1" };
        Assert.NotEmpty(ShownCommands.InBlocks);
        try
        {
            foreach (var command in ShownCommands.InBlocks)
            {
                var words = await ShownCommands.SplitAsync(ShownCommands.WordsOf(command), _root.Kubeconfig, _root.Folder);
                if (!words.Take(1).Any(RunElsewhere.Contains))
                {
                    var (exitCode, output) = await FrontProcess.RunAsync(_root, words, environment);
                    Assert.True(exitCode == 0, $"{command}\n{output}");
                }
            }
        }
        finally
        {
            await FrontProcess.RunAsync(_root, ["ClusterDown"]);
        }
    }

    [Fact]
    public async Task Shown_call_of_plain_msbuild_runs()
    {
        using var own = new OwnScenarios();
        var shown = Assert.Single(ShownCommands.Msbuild);
        var words = await ShownCommands.SplitAsync(shown, cluster.Kubeconfig, _root.Folder);
        var (exitCode, output) = await StartedProgram.RunAsync(
            [.. words, $"-p:ScenariosFile={own.ScenariosFile}", $"-p:Results={own.Results}", "-p:Scenario=own-none"],
            Repository.Root
        );
        Assert.True(exitCode == 0, output);
        Assert.Matches(@"│ +none +│", output);
        Assert.Empty(await cluster.LeftoversAsync());
    }

    // Where "~/.kube/config" is the cluster's.
    private string Home()
    {
        Directory.CreateDirectory(Path.Combine(_root.Folder, ".kube"));
        File.Copy(cluster.Kubeconfig, Path.Combine(_root.Folder, ".kube", "config"), overwrite: true);
        return _root.Folder;
    }
}
