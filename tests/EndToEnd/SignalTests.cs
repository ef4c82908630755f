using System.Text.Json;

namespace EndToEnd;

/// <summary>Real signals to a real run: it ends with the signal's exit code, and nothing of it is left.</summary>
[Collection(nameof(Killing))]
public sealed class SignalTests : IDisposable
{
    private const int Interrupt = 2;
    private const int Kill = 9;
    private const int Terminate = 15;
    private readonly TempFolder _results = new();

    public void Dispose() => _results.Dispose();

    [Theory]
    [InlineData(Interrupt, 130, "Deploy started")]
    [InlineData(Terminate, 143, "Load started: ")]
    [InlineData(Interrupt, 130, "Teardown started")]
    public async Task Signal_ends_a_run_cleanly(int signal, int expected, string at)
    {
        await using var script = Start("--scenario", "agg-tp-1-dp-1-none");
        await script.SeesAsync(l => l.Contains(at, StringComparison.Ordinal));
        var processes = ProcessTree.Of(script.Id);
        Assert.Contains(processes, p => p.CommandLine.Contains(Leftovers.FolderOf(script.Id), StringComparison.Ordinal));
        script.Signal(signal);

        Assert.True(await script.WaitAsync() == expected, script.Output);
        await NothingIsLeftAsync(script, processes);
        Assert.DoesNotContain("   at ", script.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Signal_prints_the_rows_that_were_finished()
    {
        await using var script = Start("--scenario", "agg-tp-1-dp-1-none", "agg-tp-1-dp-1-frontend");
        await script.SeesAsync(l => l.Contains("agg-tp-1-dp-1-frontend Deploy started", StringComparison.Ordinal));
        var processes = ProcessTree.Of(script.Id);
        script.Signal(Interrupt);

        Assert.True(await script.WaitAsync() == 130, script.Output);
        await NothingIsLeftAsync(script, processes);
        Assert.Matches(@"│\s+none\s+│", script.Output);
        var run = Assert.Single(Directory.GetDirectories(_results.Path));
        using var summary = JsonDocument.Parse(
            await File.ReadAllTextAsync(Path.Combine(run, "summary.json"), TestContext.Current.CancellationToken)
        );
        Assert.Equal(
            "Baseline",
            summary
                .RootElement.GetProperty("scenarios")
                .EnumerateArray()
                .Single(r => r.GetProperty("failure").GetString() == "none")
                .GetProperty("state")
                .GetString()
        );
    }

    [Fact]
    public async Task Kill_9_leaves_no_process_of_the_local_cluster()
    {
        await using var script = Start("--scenario", "agg-tp-1-dp-1-none");
        await script.SeesAsync(l => l.Contains("Load started: ", StringComparison.Ordinal));
        var processes = ProcessTree.Of(script.Id);
        Assert.Contains(processes, p => p.CommandLine.StartsWith("python3 -m dynamo.frontend", StringComparison.Ordinal));
        Assert.Contains(processes, p => p.CommandLine.Contains("VLLM::EngineCore", StringComparison.Ordinal));
        script.Signal(Kill);

        Assert.Equal(137, await script.WaitAsync());
        await ProcessTree.AllGoneAsync(processes);
        // The cluster clears its folder up itself; the kubeconfig was the killed program's to remove.
        await Eventually.TrueAsync(() => !Directory.Exists(Leftovers.FolderOf(script.Id)), () => "the cluster's folder is still there");
        File.Delete(Leftovers.FolderOf(script.Id) + ".kubeconfig");
    }

    private static async Task NothingIsLeftAsync(BuildScript script, IReadOnlyList<KnownProcess> processes)
    {
        await ProcessTree.AllGoneAsync(processes);
        Leftovers.NoneOf(script.Id);
    }

    private BuildScript Start(params string[] words) =>
        BuildScript.Start(["FaultMatrix", "--parallelism", "1", .. words, "--results", _results.Path]);
}
