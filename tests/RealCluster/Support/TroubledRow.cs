using System.Text.Json.Nodes;

namespace RealCluster.Support;

/// <summary>A row that is not measured, since the cluster does not let it come up.</summary>
internal static class TroubledRow
{
    /// <summary>The row's name.</summary>
    public const string Name = "plain-agg-none";

    /// <summary>Runs the row, asserts that it fails in one line and leaves nothing, and returns that line.</summary>
    public static async Task<string> FailsAsync(TestNamespace space, params string[] more)
    {
        var (code, output) = await RunAsync(space, ["FaultMatrix", "--scenario", Name, "--ready-timeout", "8", .. more]);
        Assert.True(code == 1, output);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
        await space.AssertNothingLeftAsync();
        return output.Split('\n').First(line => line.Contains("[ERR]", StringComparison.Ordinal));
    }

    /// <summary>Runs a command in the namespace.</summary>
    public static Task<(int ExitCode, string Output)> RunAsync(TestNamespace space, params string[] words) =>
        BuildScript.RunAsync([.. words, "--kubeconfig", RealClusterFactAttribute.Kubeconfig!, "--namespace", space.Name]);

    /// <summary>An object to create.</summary>
    public static JsonObject Body(string version, string kind, string name, string spec) => new()
    {
        ["apiVersion"] = version,
        ["kind"] = kind,
        ["metadata"] = new JsonObject { ["name"] = name },
        ["spec"] = JsonNode.Parse(spec),
    };
}
