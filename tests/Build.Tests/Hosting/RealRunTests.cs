using System.Diagnostics;
using FaultMatrix.Build.Tests.Support;

namespace FaultMatrix.Build.Tests.Hosting;

/// <summary>The front over the real domain, on a real local cluster.</summary>
public sealed class RealRunTests(LocalCluster cluster) : IClassFixture<LocalCluster>, IDisposable
{
    private readonly OwnScenarios _own = new();

    public void Dispose() => _own.Dispose();

    [Fact]
    public async Task Interrupt_of_the_group_with_two_nodes_leaves_nothing_behind()
    {
        using var run = Start("--load-profile", "endless", "--parallelism", "2", "--scenario", "own-none", "own-decode_worker");
        await run.UntilAsync(() => _own.Loading == 2);
        Assert.NotEmpty(await cluster.LeftoversAsync());
        await run.SignalAsync("INT", group: true);

        Assert.Equal(130, await run.EndAsync());
        Assert.Empty(await cluster.LeftoversAsync());
        Assert.Equal("", await GroupAsync(run.Id));
        Assert.Contains("Collect            Succeeded", run.Output, StringComparison.Ordinal);
        Assert.Contains("Build failed", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Interrupt_after_a_finished_scenario_prints_its_row()
    {
        using var run = Start("--parallelism", "1", "--scenario", "own-none", "own-decode_worker");
        await run.UntilAsync(() => _own.Loading == 2);
        await run.SignalAsync("TERM");

        Assert.Equal(143, await run.EndAsync());
        Assert.Empty(await cluster.LeftoversAsync());
        Assert.Matches(@"│ +none +│", run.Output);
        Assert.Contains("Results: ", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Continue_goes_on_with_what_has_no_result_and_columns_are_as_asked()
    {
        using (var broken = Start("--parallelism", "1", "--scenario", "own-none", "own-decode_worker"))
        {
            await broken.UntilAsync(() => _own.Loading == 2);
            await broken.SignalAsync("TERM");
            Assert.Equal(143, await broken.EndAsync());
        }

        // What the run was planned with holds, whatever becomes of the file.
        await File.WriteAllTextAsync(_own.ScenariosFile, "{ }", TestContext.Current.CancellationToken);
        var rest = await RunAsync("--continue", "--columns", "State", "success_before", "--format", "markdown");

        Assert.True(rest.ExitCode == 0, rest.Output);
        Assert.DoesNotContain("own-none Deploy", rest.Output, StringComparison.Ordinal);
        Assert.Contains("own-decode_worker Deploy", rest.Output, StringComparison.Ordinal);
        Assert.Matches(@"\| +none +\| +Baseline \| +\d", rest.Output);
        Assert.Matches(@"\| +decode_worker +\| +Measured \| +\d", rest.Output);
        var run = Assert.Single(_own.Runs);
        Assert.True(Directory.Exists(Path.Combine(run, "superseded", "1", "test_fault_scenario[own-decode_worker]")));
    }

    [Fact]
    public async Task Continue_after_a_kill_in_Teardown_or_Parse_clears_away_and_parses()
    {
        var (exitCode, output) = await RunAsync("--scenario", "own-none", "--skip", "Teardown", "Parse");
        Assert.True(exitCode == 0, output);
        Assert.NotEmpty(await cluster.LeftoversAsync());
        var summary = Path.Combine(Assert.Single(_own.Runs), "summary.json");
        Assert.False(File.Exists(summary));

        (exitCode, output) = await RunAsync("--continue", "--scenario", "own-none");

        Assert.True(exitCode == 0, output);
        Assert.Contains("Every selected scenario of the run has a result", output, StringComparison.Ordinal);
        Assert.True(File.Exists(summary));
        Assert.Empty(await cluster.LeftoversAsync());
        Assert.Matches(@"│ +none +│", output);
    }

    [Fact]
    public async Task Columns_unknown_is_refused_before_anything_is_deployed()
    {
        var (exitCode, output) = await RunAsync("--columns", "recovry");
        Assert.Equal(2, exitCode);
        Assert.Contains("FT0112", output, StringComparison.Ordinal);
        Assert.Contains("did you mean 'recovery'?", output, StringComparison.Ordinal);
        Assert.Empty(_own.Runs);
    }

    [Fact]
    public async Task Plan_of_a_named_cluster_shows_objects_faults_and_permissions()
    {
        var (exitCode, output) = await RunAsync("--plan");
        Assert.True(exitCode == 0, output);
        Assert.Contains("creates DynamoGraphDeployment ft-own-", output, StringComparison.Ordinal);
        Assert.Contains(
            "1 s after the first request: SIGINT to 'dynamo.vllm' in the pod of VllmDecodeWorker",
            output,
            StringComparison.Ordinal
        );
        Assert.Contains("needed, all granted", output, StringComparison.Ordinal);
        Assert.Empty(_own.Runs);
    }

    [Fact]
    public async Task Step_summary_and_artifacts_get_the_real_summary()
    {
        var steps = Path.Combine(_own.Folder, "step.md");
        var github = await StartedProgram.RunAsync(
            Words("--scenario", "own-none"),
            _own.Folder,
            new Dictionary<string, string>(StringComparer.Ordinal) { ["GITHUB_ACTIONS"] = "true", ["GITHUB_STEP_SUMMARY"] = steps }
        );
        Assert.True(github.ExitCode == 0, github.Output);
        var summary = Path.Combine(Assert.Single(_own.Runs), "summary.github.md");
        Assert.Equal(
            await File.ReadAllTextAsync(summary, TestContext.Current.CancellationToken),
            await File.ReadAllTextAsync(steps, TestContext.Current.CancellationToken)
        );
        Assert.Contains(
            "> Results of stand-in processes",
            await File.ReadAllTextAsync(steps, TestContext.Current.CancellationToken),
            StringComparison.Ordinal
        );

        var azure = await StartedProgram.RunAsync(
            [
                "dotnet",
                "exec",
                Path.Combine(AppContext.BaseDirectory, "faultmatrix.dll"),
                "Parse",
                "--root",
                Repository.Root,
                "--results",
                _own.Results,
                "--no-logo",
            ],
            _own.Folder,
            new Dictionary<string, string>(StringComparer.Ordinal) { ["TF_BUILD"] = "True" }
        );
        Assert.True(azure.ExitCode == 0, azure.Output);
        Assert.Contains($"##vso[task.uploadsummary]{summary}", azure.Output, StringComparison.Ordinal);
        Assert.Contains("##vso[artifact.upload ", azure.Output, StringComparison.Ordinal);
    }

    private static async Task<string> GroupAsync(int group)
    {
        using var list = Process.Start(
            new ProcessStartInfo("ps", ["-o", "stat=,args=", "-s", $"{group}"]) { UseShellExecute = false, RedirectStandardOutput = true }
        )!;
        var text = await list.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await list.WaitForExitAsync(TestContext.Current.CancellationToken);
        // What has ended and was orphaned waits for the machine's first process to take note.
        return string.Join('\n', text.Split('\n').Where(l => l.Length > 0 && !l.StartsWith('Z')));
    }

    private string[] Words(params string[] words) =>
        [
            "dotnet",
            "exec",
            Path.Combine(AppContext.BaseDirectory, "faultmatrix.dll"),
            "FaultMatrix",
            .. words,
            "--root",
            Repository.Root,
            .. _own.On(cluster),
        ];

    private StartedProgram Start(params string[] words) => new(Words(words), _own.Folder);

    private Task<(int ExitCode, string Output)> RunAsync(params string[] words) => StartedProgram.RunAsync(Words(words), _own.Folder);
}
