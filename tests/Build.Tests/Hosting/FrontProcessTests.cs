using FaultMatrix.Build.Commands.Cluster;
using FaultMatrix.Build.Tests.Support;

namespace FaultMatrix.Build.Tests.Hosting;

/// <summary>The front as a process with real signals, over tasks that only keep a journal.</summary>
public sealed class FrontProcessTests : IDisposable
{
    private readonly FakeRoot _root = new();

    public static TheoryData<string, string, int> SignalsAndPhases()
    {
        var data = new TheoryData<string, string, int>();
        foreach (var phase in new[] { "Deploy", "StartLoad", "Inject", "AwaitLoad", "Collect", "Teardown" })
        {
            data.Add(phase, "INT", 1);
            data.Add(phase, "TERM", 2);
        }

        data.Add("Inject", "HUP", 1);
        data.Add("Inject", "QUIT", 2);

        return data;
    }

    public void Dispose() => _root.Dispose();

    [Theory]
    [MemberData(nameof(SignalsAndPhases))]
    public async Task Signal_in_any_phase_tears_down_what_began(string phase, string signal, int parallelism)
    {
        using var front = Start(new() { ["FAKE_HANG"] = phase }, "--parallelism", $"{parallelism}");
        await front.UntilAsync(() => _root.Journal.Count(l => l.StartsWith($"begin {phase} ", StringComparison.Ordinal)) == parallelism);
        await front.SignalAsync(signal);

        Assert.Equal(signal == "INT" ? 130 : 143, await front.EndAsync());
        var begun = _root.Journal.Where(l => l.StartsWith("begin Deploy", StringComparison.Ordinal)).Select(l => l.Split(' ')[2]).ToList();
        Assert.Equal(parallelism, begun.Count);
        Assert.All(begun, s => Assert.Contains($"end Teardown {s}", _root.Journal));
        Assert.All(begun, s => Assert.Contains($"end Collect {s}", _root.Journal));
        // Only after the interrupted tasks have ended: nothing works on a graph that is being removed.
        var journal = _root.Journal.ToList();
        Assert.All(begun, s =>
            Assert.True(
                journal.FindIndex(l => l.StartsWith($"cancelled {phase} {s}", StringComparison.Ordinal)) is var cancelled and >= 0
                    && cancelled < journal.LastIndexOf($"begin Teardown {s}")
            )
        );
    }

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public async Task Signal_while_the_tables_are_computed_computes_them_again(string signal, int expected)
    {
        using var front = Start(new() { ["FAKE_HANG"] = "Parse" });
        await front.UntilAsync(() => _root.Journal.Contains("begin Parse"));
        await front.SignalAsync(signal);

        Assert.Equal(expected, await front.EndAsync());
        Assert.Equal(
            ["begin Parse", "cancelled Parse", "begin Parse", "end Parse"],
            _root.Journal.Where(l => l.EndsWith(" Parse", StringComparison.Ordinal))
        );
        Assert.Contains("the scenarios' table", front.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Signal_third_leaves_at_once_and_prints_what_cleans_up()
    {
        using var front = Start(new() { ["FAKE_STUBBORN"] = "Inject" }, "--namespace", "ns");
        await front.UntilAsync(() => _root.Journal.Contains("begin Inject agg-none"));
        await front.SignalAsync("INT");
        await front.UntilAsync(() => front.Output.Contains("Stopping. Waiting for Inject of agg-none", StringComparison.Ordinal));
        await front.SignalAsync("INT");
        await front.UntilAsync(() => front.Output.Contains("Still stopping. Waiting for Inject of agg-none", StringComparison.Ordinal));
        await front.SignalAsync("INT");

        Assert.Equal(130, await front.EndAsync());
        Assert.Matches(@"\./build\.sh Teardown --namespace ns --run \d{8}-\d{6}-[0-9a-f]{4} --kubeconfig ", front.Output);
    }

    [Fact]
    public async Task Failure_one_scenario_fails_and_the_others_go_on()
    {
        var (exitCode, output) = await RunAsync(new() { ["FAKE_FAIL"] = "Inject:agg-none:FT0601" });

        Assert.Equal(1, exitCode);
        Assert.Contains("end Teardown agg-none", _root.Journal);
        Assert.Contains("end Inject agg-frontend", _root.Journal);
        Assert.Contains("[ERR] agg-none Inject: FT0601: it was told to fail", output, StringComparison.Ordinal);
        Assert.Contains("the scenarios' table", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("FT0401", 1)]
    [InlineData("FT0301", 3)]
    [InlineData("FT0202", 2)]
    public async Task Failure_exit_code_follows_the_error_code(string code, int expected) =>
        Assert.Equal(expected, (await RunAsync(new() { ["FAKE_FAIL"] = $"Deploy:agg-none:{code}" })).ExitCode);

    [Theory]
    [InlineData("--nmespace x", "Did you mean '--namespace'?")]
    [InlineData("--parallelism abc", "takes a whole number from 1 to 64, not 'abc'")]
    [InlineData("Faultmatrx", "Did you mean 'FaultMatrix'?")]
    [InlineData("--scenario agg-nope", "Unknown scenario 'agg-nope'")]
    public async Task Bad_usage_ends_with_2_before_anything_ran(string commandLine, string expected)
    {
        var (exitCode, output) = await RunAsync([], commandLine.Split(' '));
        Assert.Equal(2, exitCode);
        Assert.Contains(expected, output, StringComparison.Ordinal);
        Assert.Empty(_root.Journal);
        Assert.False(Directory.Exists(Path.Combine(_root.Folder, "results")));
    }

    [Fact]
    public async Task Unknown_key_in_a_parameters_file_is_reported()
    {
        await File.WriteAllTextAsync(
            Path.Combine(_root.Folder, ".nuke", "parameters.json"),
            """{ "Paralelism": 2 }""",
            TestContext.Current.CancellationToken
        );
        var (exitCode, output) = await RunAsync([]);
        Assert.Equal(2, exitCode);
        Assert.Contains("Did you mean 'Parallelism'?", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "GITHUB_ACTIONS",
        "::error file=.nuke/parameters.json,line=2,title=FT0102::.nuke/parameters.json: unknown key 'Paralelism'"
    )]
    [InlineData(
        "TF_BUILD",
        "##vso[task.logissue type=error;code=FT0102;sourcepath=.nuke/parameters.json;linenumber=2;].nuke/parameters.json: unknown key"
    )]
    public async Task Mistake_in_a_file_is_listed_by_the_host_at_its_line(string host, string expected)
    {
        await File.WriteAllTextAsync(
            Path.Combine(_root.Folder, ".nuke", "parameters.json"),
            "{\n  \"Paralelism\": 2\n}",
            TestContext.Current.CancellationToken
        );
        Assert.Contains(expected, (await RunAsync(new() { [host] = "1" })).Output, StringComparison.Ordinal);
        File.Delete(Path.Combine(_root.Folder, ".nuke", "parameters.json"));
        Assert.Contains(
            host == "TF_BUILD" ? "##vso[task.logissue type=error;code=FT0201;]Unknown scenario" : "::error title=FT0201::Unknown scenario",
            (await RunAsync(new() { [host] = "1" }, "--plan", "--scenario", "nope")).Output,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Plan_on_a_box_without_a_display_prints_text_and_runs_nothing()
    {
        var (exitCode, output) = await RunAsync([], "--plan");
        Assert.Equal(0, exitCode);
        Assert.Contains("Scenarios: 2, about 40 s", output, StringComparison.Ordinal);
        Assert.Contains("Would create: DynamoGraphDeployment agg, cluster read: true", output, StringComparison.Ordinal);
        Assert.Empty(_root.Journal);
        Assert.Contains(
            "<pre class=\"mermaid\">flowchart LR",
            await File.ReadAllTextAsync(Path.Combine(_root.Temp, "execution-plan.html"), TestContext.Current.CancellationToken),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("--completion bash")]
    [InlineData("--plan mermaid")]
    public async Task Text_for_reading_or_sourcing_is_the_same_on_every_host_with_and_without_colour(string commandLine)
    {
        string[] words = [.. commandLine.Split(' '), "--kubeconfig", _root.Kubeconfig];
        var (_, plain) = await FrontProcess.RunAsync(_root, words);
        Assert.NotEmpty(plain);
        foreach (var host in new[] { "GITHUB_ACTIONS", "TF_BUILD", "TEAMCITY_VERSION", "GITLAB_CI", "TERM" })
        {
            foreach (var noColour in new[] { "", "1" })
            {
                var (exitCode, output) = await FrontProcess.RunAsync(
                    _root,
                    words,
                    new Dictionary<string, string> { [host] = host == "TERM" ? "xterm" : "1", ["NO_COLOR"] = noColour }
                );
                Assert.Equal(0, exitCode);
                Assert.Equal(plain, output);
            }
        }
    }

    [Fact]
    public async Task Scenarios_run_side_by_side_each_in_its_own_order()
    {
        var (exitCode, output) = await RunAsync([], "--parallelism", "2");
        Assert.True(exitCode == 0, output);
        foreach (var scenario in new[] { "agg-none", "agg-frontend" })
        {
            Assert.Equal(
                ["Deploy", "StartLoad", "Inject", "AwaitLoad", "Collect", "Teardown"],
                _root.Journal.Where(l =>
                        l.StartsWith("end ", StringComparison.Ordinal) && $"{l} ".Contains($" {scenario} ", StringComparison.Ordinal)
                    )
                    .Select(l => l.Split(' ')[1])
            );
        }
    }

    [Fact]
    public async Task Values_with_blanks_quotes_stars_and_percents_arrive_untouched()
    {
        const string Value = "a;b *%20\"c' $(X)@(Y)";
        await RunAsync([], "--image", Value, "--scenario", "agg-none");
        Assert.Contains($"begin Deploy agg-none owns=true namespace= image={Value} kubeconfig={_root.Kubeconfig}", _root.Journal);
    }

    [Fact]
    public async Task Deploy_alone_owns_nothing_so_that_it_stays()
    {
        await RunAsync([], "Deploy", "--scenario", "agg-none");
        Assert.Equal(2, _root.Journal.Count);
        Assert.StartsWith("begin Deploy agg-none owns= ", _root.Journal[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Skip_leaves_the_phase_out()
    {
        var (_, output) = await RunAsync([], "--skip", "Collect", "--scenario", "agg-none");
        Assert.DoesNotContain("begin Collect agg-none", _root.Journal);
        Assert.Contains("// Skipped: by parameter", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_kubeconfig_runs_on_a_local_cluster_that_ends_with_the_run()
    {
        _root.AddFakeCluster();
        var (exitCode, output) = await FrontProcess.RunAsync(_root, ["FaultMatrix", "--namespace", "ns", "--scenario", "agg-none"]);

        Assert.True(exitCode == 0, output);
        Assert.Contains("Cluster: a local cluster for this run at https://127.0.0.1:1", output, StringComparison.Ordinal);
        Assert.Contains("namespace=ns", _root.Journal[0], StringComparison.Ordinal);
        Assert.Contains($"kubeconfig={_root.Temp}/local-", _root.Journal[0], StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_root.Temp, "*.kubeconfig"));
    }

    [Fact]
    public async Task Run_that_was_killed_leaves_files_that_the_next_one_removes()
    {
        _root.AddFakeCluster();
        using var front = new FrontProcess(
            _root,
            ["FaultMatrix"],
            new Dictionary<string, string>(StringComparer.Ordinal) { ["FAKE_HANG"] = "Inject" }
        );
        await front.UntilAsync(() => _root.Journal.Contains("begin Inject agg-none"));
        await front.SignalAsync("KILL");
        await front.EndAsync();
        var left = Path.Combine(_root.Temp, $"local-{front.Id}.kubeconfig");
        Assert.True(File.Exists(left));
        var another = Path.Combine(_root.Temp, $"local-{Environment.ProcessId}.kubeconfig");
        await File.WriteAllTextAsync(another, "", TestContext.Current.CancellationToken);
        Directory.CreateDirectory(Path.Combine(_root.Temp, $"local-{front.Id}", "pods"));

        var (exitCode, output) = await FrontProcess.RunAsync(_root, ["FaultMatrix"]);
        Assert.True(exitCode == 0, output);
        Assert.Equal([another], Directory.GetFileSystemEntries(_root.Temp, "local-*"));
    }

    [Fact]
    public async Task Programs_are_started_on_the_runtime_that_the_front_runs_on()
    {
        _root.AddFakeCluster();
        await FrontProcess.RunAsync(
            _root,
            ["FaultMatrix"],
            new Dictionary<string, string>(StringComparer.Ordinal) { ["DOTNET_ROOT"] = "/nowhere" }
        );
        var seen = (await File.ReadAllTextAsync(_root.FakeClusterDotnetRootFile, TestContext.Current.CancellationToken)).Trim();
        Assert.True(File.Exists(Path.Combine(seen, "dotnet")), seen);
    }

    [Fact(Timeout = 120_000)]
    public async Task Kill_9_takes_the_local_cluster_along()
    {
        _root.AddFakeCluster();
        using var front = new FrontProcess(_root, ["FaultMatrix"], new Dictionary<string, string> { ["FAKE_HANG"] = "Inject" });
        await front.UntilAsync(() => _root.Journal.Contains("begin Inject agg-none"));
        var pid = int.Parse(await File.ReadAllTextAsync(_root.FakeClusterPidFile, TestContext.Current.CancellationToken), null);
        Assert.NotNull(ClusterRecord.StartOf(pid));
        await front.SignalAsync("KILL");

        Assert.Equal(137, await front.EndAsync());
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(25));
        while (ClusterRecord.StartOf(pid) is not null)
        {
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }

    [Fact(Timeout = 120_000)]
    public async Task Interrupt_reaches_the_whole_session_and_the_cluster_still_serves_the_teardown()
    {
        _root.AddFakeCluster();
        using var front = new FrontProcess(
            _root,
            ["FaultMatrix", "--scenario", "agg-none"],
            new Dictionary<string, string> { ["FAKE_HANG"] = "Inject" }
        );
        await front.UntilAsync(() => _root.Journal.Contains("begin Inject agg-none"));
        var pid = int.Parse(await File.ReadAllTextAsync(_root.FakeClusterPidFile, TestContext.Current.CancellationToken), null);
        await front.SignalAsync("INT");

        Assert.Equal(130, await front.EndAsync());
        Assert.Contains("end Teardown agg-none", _root.Journal);
        Assert.Null(ClusterRecord.StartOf(pid));
        Assert.Contains(
            "// own session: yes",
            await File.ReadAllTextAsync(_root.FakeClusterPidFile + ".session", TestContext.Current.CancellationToken),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Local_cluster_that_does_not_start_is_one_clear_line_and_exit_code_3()
    {
        _root.AddFakeCluster();
        var (exitCode, output) = await FrontProcess.RunAsync(
            _root,
            ["FaultMatrix"],
            new Dictionary<string, string>(StringComparer.Ordinal) { ["FAKE_CLUSTER_FAILS"] = "1" }
        );
        Assert.Equal(3, exitCode);
        Assert.Contains(
            "FT0303: The local cluster did not start (exit code 2): FT3001: the port is in use",
            output,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task ClusterUp_is_found_by_later_commands_until_ClusterDown()
    {
        _root.AddFakeCluster();
        var up = await FrontProcess.RunAsync(_root, ["ClusterUp"]);
        Assert.True(up.ExitCode == 0, up.Output);
        var record = ClusterRecord.Read(_root.Temp, "default")!;
        try
        {
            Assert.Contains($"export KUBECONFIG={record.Kubeconfig}", up.Output, StringComparison.Ordinal);
            var run = await FrontProcess.RunAsync(_root, ["Deploy", "--scenario", "agg-none"]);
            Assert.Contains("Cluster: local cluster 'default', which ClusterUp started", run.Output, StringComparison.Ordinal);
            Assert.Contains($"namespace=fault-matrix image= kubeconfig={record.Kubeconfig}", _root.Journal[0], StringComparison.Ordinal);
            Assert.True(record.IsAlive());
        }
        finally
        {
            var down = await FrontProcess.RunAsync(_root, ["ClusterDown"]);
            Assert.True(down.ExitCode == 0, down.Output);
        }

        Assert.False(record.IsAlive());
        Assert.Null(ClusterRecord.Read(_root.Temp, "default"));
    }

    [Fact]
    public async Task Load_without_any_cluster_says_how_to_get_one()
    {
        var (exitCode, output) = await FrontProcess.RunAsync(_root, ["Load"]);
        Assert.Equal(3, exitCode);
        Assert.Contains("FT0301: Load needs a cluster, and none is named or running.", output, StringComparison.Ordinal);
    }

    private FrontProcess Start(Dictionary<string, string> environment, params string[] words) =>
        new(_root, [.. words, "--kubeconfig", _root.Kubeconfig], environment);

    private Task<(int ExitCode, string Output)> RunAsync(Dictionary<string, string> environment, params string[] words) =>
        FrontProcess.RunAsync(_root, [.. words, "--kubeconfig", _root.Kubeconfig], environment);
}
