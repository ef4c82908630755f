using FaultMatrix.Build.Tests.Support;

namespace FaultMatrix.Build.Tests.Hosting;

/// <summary>Somebody who has an SDK and the package's file, and does what its README says.</summary>
[Collection(PackageCollection.Name)]
public sealed class PackageTrialTests(Packed packed) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("faultmatrix-trial-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Trial => Path.Combine(_folder, "try");

    // A cache of its own: the machine's may hold an older package of the same version. A kubeconfig that only lies around is left alone.
    private Dictionary<string, string> Variables => new(StringComparer.Ordinal)
    {
        ["NUGET_PACKAGES"] = Path.Combine(_folder, "packages"),
        ["KUBECONFIG"] = Path.Combine(_folder, "of-somebody-else"),
    };

    private string Scenarios => Path.Combine(Trial, "scenarios.json");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Trial_as_README_shows_it_prints_the_table_and_leaves_an_example_and_results()
    {
        var shown = await ShownAsync();
        Assert.InRange(shown.Count, 2, 10);
        GivePackage();

        var first = await StartedProgram.RunAsync(["bash", "-ec", string.Join('\n', shown)], _folder, Variables);

        Assert.True(first.ExitCode == 0, first.Output);
        Assert.Matches("│ +none +│", first.Output);
        Assert.Matches("│ +decode_worker_pod +│", first.Output);
        Assert.Contains("An example was written: scenarios.json, for the graph of agg.yaml.", first.Output, StringComparison.Ordinal);
        Assert.Contains("The local cluster has ended.", first.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(Trial, "agg.yaml")));
        Assert.True(File.Exists(Path.Combine(Assert.Single(Directory.GetDirectories(Path.Combine(Trial, "results"))), "summary.csv")));
        AssertNothingIsLeft();

        // What is there by now may be somebody's work. A kill by name finds the processes of the image that the trial made.
        var changed = await File.ReadAllTextAsync(Scenarios, Cancellation) + "// changed\n";
        await File.WriteAllTextAsync(Scenarios, changed, Cancellation);
        var second = await StartedProgram.RunAsync(
            ["bash", "-ec", $"{shown[^1]} -p:Scenario=agg-decode_worker"], Trial, Variables);

        Assert.True(second.ExitCode == 0, second.Output);
        Assert.Contains("scenarios.json is there and stays as it is.", second.Output, StringComparison.Ordinal);
        Assert.Matches("│ +decode_worker +│", second.Output);
        Assert.Equal(changed, await File.ReadAllTextAsync(Scenarios, Cancellation));
        AssertNothingIsLeft();
    }

    [Theory]
    [InlineData("INT", 1)]
    [InlineData("INT", 2)]
    [InlineData("KILL", 1)]
    public async Task Trial_that_is_ended_leaves_no_process(string signal, int nodes)
    {
        var shown = await ShownAsync();
        GivePackage();
        var prepared = await StartedProgram.RunAsync(["bash", "-ec", string.Join('\n', shown.SkipLast(1))], _folder, Variables);
        Assert.True(prepared.ExitCode == 0, prepared.Output);

        // Worker processes of an engine with several would stay for the next build, which is no matter of the trial.
        string[] words = [.. shown[^1].Replace("-m:1", $"-m:{nodes}", StringComparison.Ordinal).Split(' '), "-nodeReuse:false"];
        using var run = new StartedProgram(words, Trial, Variables);
        await run.UntilAsync(() => ProcessesOf.Folder(Trial).Any(process => process.Contains("dynamo.vllm", StringComparison.Ordinal)));
        await run.SignalAsync(signal, group: true);

        Assert.NotEqual(0, await run.EndAsync());
        if (signal == "KILL")
        {
            // Nobody is there to wait for the cluster's end.
            await UntilNoProcessAsync();
        }
        else
        {
            AssertNothingIsLeft();
        }
    }

    [Fact]
    public async Task Trial_with_manifests_of_ones_own_writes_no_example()
    {
        GivePackage();
        Directory.CreateDirectory(Trial);
        await File.WriteAllTextAsync(Scenarios, "{ this is somebody's draft", Cancellation);

        var shown = (await ShownAsync()).Select(WithoutMkdir);
        var run = await StartedProgram.RunAsync(["bash", "-ec", string.Join('\n', shown)], _folder, Variables);

        Assert.True(run.ExitCode == 1, run.Output);
        Assert.Contains("scenarios.json is there and stays as it is.", run.Output, StringComparison.Ordinal);
        Assert.Equal("{ this is somebody's draft", await File.ReadAllTextAsync(Scenarios, Cancellation));
        Assert.False(File.Exists(Path.Combine(Trial, "agg.yaml")));
        AssertNothingIsLeft();
    }

    private static string WithoutMkdir(string line) => line.Replace("mkdir try", "true", StringComparison.Ordinal);

    // The lines of the block under "Try it".
    private static async Task<IReadOnlyList<string>> ShownAsync()
    {
        var lines = await File.ReadAllLinesAsync(Path.Combine(Repository.Root, "src", "FaultTolerance.Tasks", "README.md"), Cancellation);
        return
        [
            .. lines.SkipWhile(line => line != "## Try it").SkipWhile(line => !line.StartsWith("    ", StringComparison.Ordinal))
                .TakeWhile(line => line.StartsWith("    ", StringComparison.Ordinal)).Select(line => line[4..]),
        ];
    }

    private void GivePackage() => File.Copy(packed.Package, Path.Combine(_folder, Path.GetFileName(packed.Package)));

    private void AssertNothingIsLeft()
    {
        Assert.Empty(ProcessesOf.Folder(_folder));
        Assert.False(Directory.Exists(Path.Combine(Trial, "obj", "faultmatrix")));
    }

    private async Task UntilNoProcessAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (ProcessesOf.Folder(_folder).Count > 0)
        {
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }
}
