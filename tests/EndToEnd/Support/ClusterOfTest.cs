using System.Text.Json;

namespace EndToEnd;

/// <summary>A local cluster by <c>ClusterUp</c>, ended by <c>ClusterDown</c>.</summary>
public sealed class ClusterOfTest : IAsyncLifetime
{
    private IReadOnlyList<KnownProcess> _processes = [];

    /// <summary>The name that ClusterUp was given.</summary>
    public string Name { get; } = $"e2e-{Guid.NewGuid():N}"[..12];

    /// <summary>More words for ClusterUp.</summary>
    public IReadOnlyList<string> More { get; init; } = [];

    /// <summary>Its kubeconfig, as ClusterUp printed it.</summary>
    public string Kubeconfig { get; private set; } = "";

    /// <summary>The port of its API server.</summary>
    public int Port { get; private set; }

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        if (TestTime.IsOver)
        {
            return;
        }

        var (code, output) = await BuildScript.RunAsync(["ClusterUp", "--cluster-name", Name, .. More]);
        Assert.True(code == 0, output);
        Kubeconfig = output
            .Split('\n')
            .Single(l => l.StartsWith("export KUBECONFIG=", StringComparison.Ordinal))["export KUBECONFIG=".Length..]
            .Trim();
        (Port, Pid) = Record(Name);
    }

    /// <summary>What the checkout's record of a cluster says.</summary>
    internal static (int Port, int Pid) Record(string name)
    {
        using var record = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, ".nuke", "temp", $"cluster-{name}.json")));
        return (
            new Uri(record.RootElement.GetProperty("server").GetString()!).Port,
            record.RootElement.GetProperty("pid").GetInt32()
        );
    }

    /// <summary>Its process.</summary>
    public int Pid { get; private set; }

    /// <summary>Runs a command of the build on it.</summary>
    public Task<(int ExitCode, string Output)> BuildAsync(params string[] words) =>
        BuildScript.RunAsync([.. words, "--cluster-name", Name]);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Pid == 0)
        {
            // It never came up; what kept it down was told.
            return;
        }

        _processes = ProcessTree.Of(Pid);
        var (code, output) = await BuildScript.RunAsync(["ClusterDown", "--cluster-name", Name]);
        Assert.True(code == 0, output);
        await ProcessTree.AllGoneAsync(_processes);
        Leftovers.NoneOfCluster(Name);
    }
}
