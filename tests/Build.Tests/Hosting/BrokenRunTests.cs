using FaultMatrix.Build.CommandLine;
using FaultMatrix.Build.Commands.Cluster;
using FaultMatrix.Build.Model;
using FaultMatrix.Build.Tests.Support;

namespace FaultMatrix.Build.Tests.Hosting;

/// <summary>
/// What breaks under a run: its cluster, a worker of the engine, a task. Nothing hangs, nothing stays, and a line says what it was.
/// </summary>
public sealed class BrokenRunTests : IDisposable
{
    private readonly FakeRoot _root = new();

    public void Dispose() => _root.Dispose();

    [Theory]
    [InlineData("FAKE_HANG", "Deploy")]
    [InlineData("FAKE_HANG", "StartLoad")]
    [InlineData("FAKE_HANG", "Inject")]
    [InlineData("FAKE_HANG", "AwaitLoad")]
    [InlineData("FAKE_HANG", "Collect")]
    [InlineData("FAKE_HANG", "Teardown")]
    [InlineData("FAKE_HANG", "Parse")]
    [InlineData("FAKE_STUBBORN", "Deploy")]
    public async Task Local_cluster_that_dies_ends_the_run_with_exit_code_3_and_leaves_nothing(string how, string phase)
    {
        _root.AddFakeCluster();
        var temporary = Directory.CreateDirectory(Path.Combine(_root.Folder, "tmp")).FullName;
        using var front = new FrontProcess(
            _root,
            ["FaultMatrix", "--scenario", "agg-none"],
            new Dictionary<string, string>(StringComparer.Ordinal) { [how] = phase, ["TMPDIR"] = temporary }
        );
        await front.UntilAsync(() =>
            _root.Journal.Contains($"begin {phase} agg-none") || _root.Journal.Contains($"begin {phase}")
            || _root.Journal.Any(l => l.StartsWith($"begin {phase} agg-none ", StringComparison.Ordinal))
        );
        await EngineWorkers.KillAsync(int.Parse(await File.ReadAllTextAsync(_root.FakeClusterPidFile, TestContext.Current.CancellationToken), null));

        Assert.Equal(3, await front.EndAsync());
        Assert.Contains(
            "FT0303: The local cluster ended on its own (ended by signal 9), and all that it ran with it.",
            front.Output,
            StringComparison.Ordinal
        );
        Assert.Empty(Directory.GetFileSystemEntries(_root.Temp, "local-*"));
        Assert.Empty(Directory.GetFileSystemEntries(temporary));
    }

    [Fact]
    public async Task Local_cluster_that_does_not_get_ready_is_ended_after_a_limit()
    {
        _root.AddFakeCluster();
        var invocation = new Invocation(
            _root.Folder,
            Sut.Declarations,
            new ParameterSet([]),
            new Dictionary<string, string>(StringComparer.Ordinal)
        );
        Environment.SetEnvironmentVariable("FAKE_CLUSTER_HANGS", "1");
        try
        {
            var options = LocalClusterOptions.Temporary(invocation) with { StartLimit = TimeSpan.FromSeconds(1) };
            var error = await Assert.ThrowsAsync<FrontException>(() =>
                LocalClusterProcess.StartAsync(options, TestContext.Current.CancellationToken)
            );
            Assert.Equal("FT0303: The local cluster was not ready within 1 s and was ended.", error.Message);
        }
        finally
        {
            Environment.SetEnvironmentVariable("FAKE_CLUSTER_HANGS", null);
        }
    }

    [Theory]
    [InlineData("Darwin 23.1.0 Darwin Kernel Version 23.1.0")]
    [InlineData("Microsoft Windows 10.0.26100")]
    public async Task Machine_that_is_not_Linux_gets_one_line_for_the_local_cluster(string system)
    {
        var invocation = new Invocation(
            _root.Folder,
            Sut.Declarations,
            new ParameterBinder(Sut.Declarations, _root.Folder, _root.Folder, new Dictionary<string, string>(StringComparer.Ordinal))
                .Bind(CommandLineParser.Parse(["FaultMatrix"])),
            new Dictionary<string, string>(StringComparer.Ordinal) { ["HOME"] = _root.Folder }
        )
        {
            Machine = new Machine(false, system),
        };
        var expected =
            $"FT0303: The local cluster runs on Linux only, and this machine has {system}. "
            + "Name a cluster with --kubeconfig and --namespace, or use a Linux machine or container.";
        foreach (var target in new[] { "FaultMatrix", "Deploy" })
        {
            var plan = ExecutionPlan.Make(Sut.Declarations, [Sut.Declarations.FindTarget(target)!], null);
            var error = await Assert.ThrowsAsync<FrontException>(() =>
                ClusterChoice.ResolveAsync(invocation, plan, podNetworks: false, TestContext.Current.CancellationToken)
            );
            Assert.Equal((expected, 3), (error.Message, error.ExitCode));
        }

        Assert.False(Directory.Exists(_root.Temp));
    }

    [Theory]
    [InlineData("INT", 1)]
    [InlineData("TERM", 2)]
    public async Task Signal_in_Teardown_does_not_collect_again_over_good_files(string signal, int parallelism)
    {
        using var front = new FrontProcess(
            _root,
            ["FaultMatrix", "--parallelism", $"{parallelism}", "--scenario", "agg-none", "agg-frontend", "--kubeconfig", _root.Kubeconfig],
            new Dictionary<string, string>(StringComparer.Ordinal) { ["FAKE_HANG"] = "Teardown" }
        );
        await front.UntilAsync(() =>
            _root.Journal.Count(l => l.StartsWith("begin Teardown ", StringComparison.Ordinal)) == parallelism
        );
        await front.SignalAsync(signal);

        Assert.Equal(signal == "INT" ? 130 : 143, await front.EndAsync());
        var begun = _root.Journal.Where(l => l.StartsWith("begin Deploy", StringComparison.Ordinal)).Select(l => l.Split(' ')[2]).ToList();
        Assert.All(begun, s => Assert.Single(_root.Journal, l => l == $"begin Collect {s}"));
        Assert.All(begun, s => Assert.Contains($"end Teardown {s}", _root.Journal));
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("worker")]
    public async Task Namespace_is_released_last_and_no_file_is_left_whatever_way_the_run_ends(string end)
    {
        var temporary = Directory.CreateDirectory(Path.Combine(_root.Folder, "tmp")).FullName;
        using var front = new FrontProcess(
            _root,
            ["FaultMatrix", "--parallelism", "2", "--scenario", "a", "b", "c", "--kubeconfig", _root.Kubeconfig],
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["FAKE_HANG"] = "Inject:c", ["FAKE_ANY_SCENARIO"] = "1", ["FAKE_RELEASE"] = "1",
                ["TMPDIR"] = temporary, ["DOTNET_EnableDiagnostics"] = "0",
            }
        );
        await front.UntilAsync(() => _root.Journal.Contains("begin Inject c"));
        var workers = EngineWorkers.Of(front.Id);
        Assert.NotEmpty(workers);
        // The front looks for its workers once a second.
        await Task.Delay(TimeSpan.FromSeconds(3), TestContext.Current.CancellationToken);

        if (end == "INT")
        {
            await front.SignalAsync("INT");
        }
        else if (end == "worker")
        {
            foreach (var worker in workers)
            {
                await EngineWorkers.KillAsync(worker);
            }
        }

        Assert.Equal(end == "INT" ? 130 : 1, await front.EndAsync());
        Assert.Empty(Directory.GetFileSystemEntries(temporary));
        Assert.Empty(Directory.GetFileSystemEntries(_root.Temp, "local-*"));
        Assert.DoesNotContain(workers, worker => File.Exists($"/tmp/MSBuild{worker}"));
        Assert.Equal(["begin Release", "end Release"], _root.Journal.TakeLast(2));
        Assert.Single(_root.Journal, "begin Release");
        Assert.Contains("end Teardown c", _root.Journal);
    }

    [Fact]
    public async Task Lasting_cluster_that_was_killed_is_cleared_away_by_ClusterDown_and_by_ClusterUp()
    {
        _root.AddFakeCluster();
        for (var round = 0; round < 2; round++)
        {
            Assert.Equal(0, (await FrontProcess.RunAsync(_root, ["ClusterUp", "--cluster-name", "c"])).ExitCode);
            Assert.Single(Directory.GetDirectories(_root.Temp, "cluster-*"));
            await File.WriteAllTextAsync(Path.Combine(_root.Temp, "cluster-c", $"left{round}"), "", TestContext.Current.CancellationToken);
            await EngineWorkers.KillAsync(ClusterRecord.Read(_root.Temp, "c")!.Pid);
        }

        Assert.False(File.Exists(Path.Combine(_root.Temp, "cluster-c", "left0")));
        Assert.Equal(0, (await FrontProcess.RunAsync(_root, ["ClusterDown", "--cluster-name", "c"])).ExitCode);
        Assert.Empty(Directory.GetFileSystemEntries(_root.Temp, "cluster-*"));
    }

    [Fact]
    public async Task Lasting_cluster_that_dies_under_a_run_ends_it()
    {
        _root.AddFakeCluster();
        Assert.Equal(0, (await FrontProcess.RunAsync(_root, ["ClusterUp"])).ExitCode);
        using var front = new FrontProcess(
            _root,
            ["FaultMatrix", "--scenario", "agg-none"],
            new Dictionary<string, string>(StringComparer.Ordinal) { ["FAKE_HANG"] = "Inject" }
        );
        await front.UntilAsync(() => _root.Journal.Contains("begin Inject agg-none"));
        await EngineWorkers.KillAsync(ClusterRecord.Read(_root.Temp, "default")!.Pid);

        Assert.Equal(3, await front.EndAsync());
        Assert.Contains("FT0303: The local cluster ended on its own (process ", front.Output, StringComparison.Ordinal);
        Assert.Equal(0, (await FrontProcess.RunAsync(_root, ["ClusterDown"])).ExitCode);
    }

    [Fact]
    public async Task Worker_of_the_engine_that_dies_is_cleaned_up_after_and_finished_rows_have_their_tables()
    {
        using var front = new FrontProcess(
            _root,
            ["FaultMatrix", "--parallelism", "2", "--scenario", "a", "b", "c", "--kubeconfig", _root.Kubeconfig],
            new Dictionary<string, string>(StringComparer.Ordinal) { ["FAKE_HANG"] = "Inject:c", ["FAKE_ANY_SCENARIO"] = "1" }
        );
        await front.UntilAsync(() =>
            _root.Journal.Contains("begin Inject c") && _root.Journal.Contains("end Teardown a") && _root.Journal.Contains("end Teardown b")
        );
        foreach (var worker in EngineWorkers.Of(front.Id))
        {
            await EngineWorkers.KillAsync(worker);
        }

        Assert.Equal(1, await front.EndAsync());
        Assert.Contains("end Collect c", _root.Journal);
        Assert.Equal("end Teardown c", _root.Journal.Last(l => l.Contains("Teardown", StringComparison.Ordinal)));
        Assert.Equal("end Parse", _root.Journal[^1]);
        Assert.Contains("the scenarios' table", front.Output, StringComparison.Ordinal);
        Assert.True(
            front.Output.Contains("FT0903: A worker process of the engine (node 2) ended early", StringComparison.Ordinal),
            front.Output
        );
        Assert.DoesNotContain("MSB4166", front.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Inject")]
    [InlineData("Parse")]
    public async Task Task_that_throws_is_one_line_and_a_file_with_the_trace(string phase)
    {
        var (exitCode, output) = await FrontProcess.RunAsync(
            _root,
            ["FaultMatrix", "--scenario", "agg-none", "--kubeconfig", _root.Kubeconfig],
            new Dictionary<string, string>(StringComparer.Ordinal) { ["FAKE_THROW"] = phase }
        );
        Assert.Equal(1, exitCode);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
        Assert.DoesNotContain("MSB4018", output, StringComparison.Ordinal);
        var file = Assert.Single(Directory.GetFiles(_root.Temp, "unforeseen.*"));
        Assert.Contains(
            $"FT0999: This was not foreseen, please report it: The \"FakePhase\" task failed unexpectedly. "
                + $"System.InvalidOperationException: nobody thought of this or of that. The trace is in {file}.",
            output,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "   at FaultMatrix.FakeDomain.FakePhase",
            await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken),
            StringComparison.Ordinal
        );
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Contains("end Teardown agg-none", _root.Journal);
    }

    [Theory]
    [InlineData("GITHUB_ACTIONS", 1)]
    [InlineData("GITHUB_ACTIONS", 2)]
    [InlineData("TF_BUILD", 1)]
    [InlineData("TERM", 1)]
    public async Task Words_of_others_start_no_line_and_command_nothing(string host, int parallelism)
    {
        const string Words = "sorry\r\n::error::ha\n##vso[task.complete result=Succeeded]\u001b[2J\u009b1m";
        var (exitCode, output) = await FrontProcess.RunAsync(
            _root, ["FaultMatrix", "--parallelism", $"{parallelism}", "--kubeconfig", _root.Kubeconfig],
            new Dictionary<string, string>(StringComparer.Ordinal) { ["FAKE_SAY"] = Words, [host] = "1", ["NO_COLOR"] = "1" });
        Assert.True(exitCode == 0, output);
        Assert.DoesNotContain(output.Split('\n'), l =>
            l.StartsWith("::error::ha", StringComparison.Ordinal) || l.Contains("##vso[task.complete", StringComparison.Ordinal)
        );
        Assert.DoesNotContain(output, c => c is '\u001b' or '\u009b' or '\r');
        Assert.Contains("# #vso[task.complete", output, StringComparison.Ordinal);
    }
}
