using System.Text.Json;

namespace FaultMatrix.Build.Tests.Support;

/// <summary>Runs of a test's own scenarios on a real local cluster.</summary>
internal sealed class OwnRuns(LocalCluster cluster, string ns = LocalCluster.Namespace) : IDisposable
{
    /// <summary>The row that has a failure.</summary>
    public const string Row = "own-decode_worker";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Their folder.</summary>
    public OwnScenarios Own { get; } = new();

    /// <summary>What the first client of the only run and row wrote.</summary>
    public string ClientLog => Directory.GetFiles(Assert.Single(Own.Runs), "client_0.log.txt", SearchOption.AllDirectories).Single();

    public void Dispose() => Own.Dispose();

    /// <summary>The state of a row of the only run, and how many requests were planned.</summary>
    public (string State, int Planned) RowOf(string scenario)
    {
        using var summary = JsonDocument.Parse(File.ReadAllText(Path.Combine(Assert.Single(Own.Runs), "summary.json")));
        var row = summary.RootElement.GetProperty("scenarios").EnumerateArray()
            .Single(r => r.GetProperty("scenario").GetString() == scenario);
        var planned = row.GetProperty("requests").GetProperty("planned");
        return (row.GetProperty("state").GetString()!, planned.ValueKind == JsonValueKind.Number ? planned.GetInt32() : 0);
    }

    /// <summary>Whatever is read of the scenarios and their graph from now on is not what was asked for.</summary>
    public async Task SpoilAsync()
    {
        await File.WriteAllTextAsync(Own.ScenariosFile, "{ \"deployments\": {} }", Cancellation);
        await File.WriteAllTextAsync(Path.Combine(Own.Folder, "graph.yaml"), "kind: Nothing\n", Cancellation);
    }

    /// <summary>A command that succeeds.</summary>
    public async Task StepAsync(params string[] words)
    {
        var (exitCode, output) = await RunAsync(words);
        Assert.True(exitCode == 0, $"{string.Join(' ', words)}: exit code {exitCode}: {output}");
    }

    /// <summary>A command on the cluster, started.</summary>
    public StartedProgram Start(params string[] words) => new(Words(words), Own.Folder);

    /// <summary>A command on the cluster, to its end.</summary>
    public Task<(int ExitCode, string Output)> RunAsync(params string[] words) => StartedProgram.RunAsync(Words(words), Own.Folder);

    private string[] Words(string[] words) =>
        [
            "dotnet", "exec", Path.Combine(AppContext.BaseDirectory, "faultmatrix.dll"), .. words, "--root", Repository.Root,
            .. Own.On(cluster, ns),
        ];
}
