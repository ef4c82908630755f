using System.Globalization;

namespace EndToEnd;

/// <summary>
/// kill -9 at seeded random moments, of the front, of a worker node and of the local cluster: the next command leaves nothing of it, and
/// nothing of somebody else's was touched. FAULTMATRIX_KILLS says how many, FAULTMATRIX_SEED when and whom.
/// </summary>
[Collection(nameof(Killing))]
public sealed class KillTests(ITestOutputHelper log) : IAsyncLifetime, IDisposable
{
    private const int Kill = 9;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);
    private readonly TempFolder _temp = new();
    private readonly string _name = $"kill-{Guid.NewGuid():N}"[..12];
    private readonly Random _random = new(Chance.Seed);
    private readonly List<int> _abandoned = [];
    private string _scenarios = "";
    private double _length = 10;
    private int _kills;

    public ValueTask InitializeAsync()
    {
        _scenarios = _temp.Write("scenarios.json", ShortScenarios.Text(requests: 15));
        Directory.CreateDirectory(_temp["tmp"]);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync() => await BuildScript.RunAsync(["ClusterDown", "--cluster-name", _name]);

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task Killed_runs_on_a_cluster_that_stays_leave_nothing_after_the_next_command()
    {
        log.WriteLine($"seed {Chance.Seed}, {Chance.Kills} kills");
        ClusterApi? api = null;
        IReadOnlyDictionary<string, string> planted = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            for (var i = 0; i < 3 * Chance.Kills && _kills < Chance.Kills; i++)
            {
                if (api is null)
                {
                    api = new ClusterApi(await UpAsync());
                    planted = await api.PlantAsync();
                }

                if (i == 0)
                {
                    _length = await LengthAsync("--cluster-name", _name);
                }

                var (victim, processes) = await KillOneAsync(i, ClusterPid(), "--cluster-name", _name);
                if (victim == Victim.Cluster)
                {
                    // What the dead cluster ran is gone with it; the next ClusterUp begins anew.
                    api.Dispose();
                    api = null;
                    await ProcessTree.AllGoneAsync(processes);
                    continue;
                }

                var removed = await RunAsync("Teardown");
                await ProcessTree.AllGoneAsync(processes);
                var left = await api.LeftAsync();
                Assert.True(left.Count == 0, $"{string.Join(", ", left)} after {removed}");
                Assert.Equal(planted, await api.VersionsAsync());
            }
        }
        finally
        {
            api?.Dispose();
        }

        Assert.Equal(Chance.Kills, _kills);
        await DownAsync();
        Leftovers.NoneOfCluster(_name);
        Assert.Empty(Directory.GetFileSystemEntries(_temp["tmp"]));
    }

    [Fact]
    public async Task Killed_runs_with_a_cluster_of_their_own_leave_nothing_after_the_next_run()
    {
        log.WriteLine($"seed {Chance.Seed}, {Chance.Kills} kills");
        _length = await LengthAsync();
        for (var i = 0; i < 3 * Chance.Kills && _kills < Chance.Kills; i++)
        {
            var (_, processes) = await KillOneAsync(i, 0);
            await ProcessTree.AllGoneAsync(processes);
        }

        Assert.Equal(Chance.Kills, _kills);
        // Each run clears up after those before it; the last one ends by itself.
        await using var last = Start();
        // Its rows may be untrusted on a busy machine (1); what is asked here is what it leaves.
        Assert.True(await last.WaitAsync() is 0 or 1, last.Output);
        _abandoned.ForEach(Leftovers.NoneOf);
        Leftovers.NoneOf(last.Id);
        Assert.Empty(Directory.GetFileSystemEntries(_temp["tmp"]));
    }

    // Starts a run, kills one of its processes at a random moment, and waits for the run's end. A run that was quicker than the moment tells
    // how long one is: later moments lie within it, so that most find a run to kill.
    private async Task<(Victim Victim, IReadOnlyList<KnownProcess> Processes)> KillOneAsync(int number, int clusterPid, params string[] words)
    {
        var asked = (Victim)_random.Next(3);
        var moment = TimeSpan.FromSeconds(_random.NextDouble() * _length);
        await using var script = Start(words);
        var from = TimeProvider.System.GetTimestamp();
        var ended = script.WaitAsync();
        if (await Task.WhenAny(ended, Task.Delay(moment, TestContext.Current.CancellationToken)) == ended)
        {
            _length = Math.Min(_length, TimeProvider.System.GetElapsedTime(from).TotalSeconds);
        }

        var front = ProcessTree.Of(script.Id);
        var (victim, pid) = Choose(asked, front, script.Id, clusterPid);
        log.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{number}: after {moment.TotalSeconds:0.00} s {victim}, process {pid}"));
        _abandoned.Add(script.Id);
        IReadOnlyList<KnownProcess> gone =
            victim == Victim.Cluster && clusterPid != 0 ? [.. front, .. ProcessTree.Of(clusterPid)] : front;
        var killed = BuildScript.Signal(pid, Kill);
        _kills += killed ? 1 : 0;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limit);
        var code = await script.WaitAsync().WaitAsync(limit.Token);
        Assert.DoesNotContain("   at ", script.Output, StringComparison.Ordinal);
        // A run may have had all that it needed of what was killed, or have ended by itself.
        Assert.True(
            !killed ? code == 0 : victim == Victim.Front ? code is 137 or 0 : code is 0 or 1 or 3,
            $"{victim}: exit code {code}: {script.Output}"
        );
        return (victim, gone);
    }

    // Whom the moment does not have yet, or no more, the front stands for.
    private static (Victim Victim, int Pid) Choose(Victim asked, IReadOnlyList<KnownProcess> tree, int front, int clusterPid)
    {
        var pid = asked switch
        {
            Victim.Node => tree.FirstOrDefault(p => p.CommandLine.Contains("nodemode", StringComparison.OrdinalIgnoreCase))?.Id,
            Victim.Cluster when clusterPid != 0 => clusterPid,
            Victim.Cluster => tree.FirstOrDefault(p => p.CommandLine.Contains("FaultTolerance.LocalCluster ", StringComparison.Ordinal))?.Id,
            _ => null,
        };
        return pid is { } found ? (asked, found) : (Victim.Front, front);
    }

    // How long a run takes that nobody kills, seconds.
    private async Task<double> LengthAsync(params string[] words)
    {
        var from = TimeProvider.System.GetTimestamp();
        await using var script = Start(words);
        // Its rows may be untrusted on a busy machine (1); what is asked here is what it leaves.
        Assert.True(await script.WaitAsync() is 0 or 1, script.Output);
        return TimeProvider.System.GetElapsedTime(from).TotalSeconds;
    }

    private BuildScript Start(params string[] words) =>
        BuildScript.Start(
            [
                "FaultMatrix", "--scenarios-file", _scenarios, "--scenario", "agg-decode_worker_pod", "agg-frontend", "--parallelism", "2",
                "--results", _temp["results"], .. words,
            ],
            new Dictionary<string, string?>(StringComparer.Ordinal) { ["TMPDIR"] = _temp["tmp"] }
        );

    private async Task DownAsync() => await RunAsync("ClusterDown");

    private async Task<string> UpAsync()
    {
        var output = await RunAsync("ClusterUp");
        const string Export = "export KUBECONFIG=";
        return output.Split('\n').Single(l => l.StartsWith(Export, StringComparison.Ordinal))[Export.Length..].Trim();
    }

    private async Task<string> RunAsync(string target)
    {
        var (code, output) = await BuildScript.RunAsync([target, "--cluster-name", _name]);
        Assert.True(code == 0, $"{target}: exit code {code}: {output}");
        return output;
    }

    private int ClusterPid() => ClusterOfTest.Record(_name).Pid;

    private enum Victim
    {
        Front,
        Node,
        Cluster,
    }
}
