namespace EndToEnd.RealDynamo;

/// <summary>
/// Rows of the real Dynamo on one local cluster, as <c>./build.sh FaultMatrix</c> runs them, with a prober beside each; many tests look at
/// them. Nothing is run where there is no real Dynamo.
/// </summary>
public sealed class DynamoRuns : IAsyncLifetime
{
    /// <summary>The row that no prober asks: its own clients are all there are.</summary>
    public const string Unasked = "fast-1-none";

    private static readonly (string Profile, int AtOnce, string Transport, string[] Rows)[] Runs =
    [
        ("open", 1, "service", ["fast-1-worker", "slow-1-worker_pod"]),
        ("closed", 2, "portforward", ["fast-1-worker_pod", "fast-2-worker", "fast-1-frontend", "nginx-1-worker"]),
        ("streamed", 2, "service", ["slow-1-worker", "slow-2-worker_pod", "slow-1-frontend_pod", Unasked]),
    ];

    private readonly TempFolder _folder = new();
    private readonly Dictionary<string, DynamoRow> _rows = new(StringComparer.Ordinal);

    /// <summary>All rows, as profile and scenario.</summary>
    public static IEnumerable<(string Profile, string Scenario)> All => Runs.SelectMany(run => run.Rows.Select(row => (run.Profile, row)));

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        if (!DynamoParts.AreThere || TestTime.IsOver)
        {
            return;
        }

        var scenarios = DynamoFiles.Write(_folder);
        string[] nginx = DynamoParts.Nginx is null ? [] : [$"nginx/debian:1={DynamoFiles.NginxImage(_folder)}"];
        string[] images = ["--local-image", $"dynamo/real:1={DynamoParts.Python}", .. nginx];
        await using var cluster = new ClusterOfTest { More = images };
        await cluster.InitializeAsync();
        foreach (var (profile, atOnce, transport, rows) in Runs)
        {
            await RunAsync(cluster, [
                "FaultMatrix", "--scenarios-file", scenarios, "--load-profile", profile, "--parallelism", $"{atOnce}",
                "--transport", transport, "--ready-timeout", "60", "--results", _folder[profile],
                "--scenario", .. rows.Where(row => DynamoParts.Nginx is not null || !NeedsNginx(row)),
            ], _folder[profile]);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        // What a finding rests on is worth more than a clean folder for temporary files.
        if (
            TestContext.Current.TestState?.Result != TestResult.Failed
            && Environment.GetEnvironmentVariable("FAULTMATRIX_E2E_KEEP") is null
        )
        {
            _folder.Dispose();
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Whether a row has nginx in front.</summary>
    internal static bool NeedsNginx(string scenario) => scenario.StartsWith("nginx", StringComparison.Ordinal);

    /// <summary>A row, as it was run.</summary>
    internal DynamoRow Row(string profile, string scenario) => _rows[$"{profile} {scenario}"];

    private async Task RunAsync(ClusterOfTest cluster, string[] words, string results)
    {
        await using var probers = new RowProbers(cluster.Kubeconfig, "fault-matrix", DynamoFiles.Model) { Asks = row => row != Unasked };
        var (_, output) = await cluster.BuildAsync(words);
        var probes = await probers.StopAsync();
        var run = Directory.Exists(results) ? Directory.GetDirectories(results) : [];
        Assert.True(run.Length == 1 && File.Exists(Path.Combine(run[0], "summary.json")), output);
        foreach (var (name, row) in DynamoRow.Of(run[0], probes))
        {
            _rows[$"{Path.GetFileName(results)} {name}"] = row;
        }
    }
}
