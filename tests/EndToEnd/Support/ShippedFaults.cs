using System.Text.Json;
using System.Text.Json.Nodes;

namespace EndToEnd;

/// <summary>The kinds of scenarios-faults.json, and the steps of each at which a run can be killed.</summary>
internal static class ShippedFaults
{
    private static readonly string[] Wrong = ["\"600\"", "no-such-image"];

    /// <summary>The file.</summary>
    public static string File { get; } = Path.Combine(Repository.Root, "scenarios-faults.json");

    /// <summary>
    /// Whether tests are to go through all of them: FAULTMATRIX_KINDS=all, or some by name: FAULTMATRIX_KINDS=scale,evict_pod.
    /// </summary>
    public static bool AllAreWanted { get; } = !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("FAULTMATRIX_KINDS"));

    /// <summary>What its failures that are wanted are called, lists of faults among them.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Failures().Select(failure => failure.Name)];

    /// <summary>Those of them that are one fault: what each is called, its kind, and its steps.</summary>
    public static IReadOnlyList<(string Name, string Kind, IReadOnlyList<FaultStep> Steps)> All { get; } =
    [
        .. Failures().Where(failure => failure.Value.TryGetProperty("kind", out _))
            .Select(failure => (failure.Name, failure.Value.GetProperty("kind").GetString()!, Steps(failure.Value))),
    ];

    /// <summary>A service is as it was deployed: as many replicas, and nothing of wrong_config's value or of wrong_image's image.</summary>
    /// <param name="service">Its part of the graph, or its Deployment's <c>spec</c>.</param>
    /// <param name="replicas">What it was deployed with; 1 is what leaving it out means.</param>
    public static void AssertIsAsDeployed(JsonNode service, int replicas)
    {
        Assert.Equal(replicas, service["replicas"]?.GetValue<int>() ?? 1);
        var text = service.ToJsonString();
        Assert.All(Wrong, wrong => Assert.DoesNotContain(wrong, text, StringComparison.Ordinal));
    }

    private static List<JsonProperty> Failures()
    {
        using var file = JsonDocument.Parse(
            System.IO.File.ReadAllText(File), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip });
        // A copy, which outlives the document.
        var all = file.RootElement.GetProperty("failures").Clone().EnumerateObject().ToList();
        var wanted = Environment.GetEnvironmentVariable("FAULTMATRIX_KINDS") is { Length: > 0 } given and not "all"
            ? given.Split(',') : null;
        Assert.All(wanted ?? [], name => Assert.Contains(name, all.Select(failure => failure.Name)));
        return wanted is null ? all : all.FindAll(failure => wanted.Contains(failure.Name, StringComparer.Ordinal));
    }

    // An overload lasts and ends by itself: no undo is proven, since there is nothing to undo.
    private static FaultStep[] Steps(JsonElement failure) =>
        failure.TryGetProperty("for", out _) && failure.GetProperty("kind").GetString() != "overload"
            ? Enum.GetValues<FaultStep>() : [FaultStep.Noted, FaultStep.Landed];
}
