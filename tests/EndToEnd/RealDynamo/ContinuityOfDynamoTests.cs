using System.Text.Json;

namespace EndToEnd.RealDynamo;

/// <summary>
/// The real Dynamo's frontend and router with a migration limit, and two workers of which one is deleted. With an engine whose answers are
/// functions of their prompts every stream goes on with the same text; with the mocker, which draws its tokens, nobody can tell, and the row
/// says so.
/// </summary>
[Collection(nameof(Alone))]
public sealed class ContinuityOfDynamoTests
{
    private const string Failure = "worker_pod";

    [Fact]
    public async Task Streams_of_a_deleted_worker_go_on_whole_and_drawn_tokens_are_called_so()
    {
        DynamoParts.Require(nginx: false);
        using var folder = new TempFolder();
        await using var cluster = new ClusterOfTest { More = ["--local-image", $"dynamo/real:1={DynamoParts.Python}"] };
        await cluster.InitializeAsync();

        var (_, output) = await cluster.BuildAsync(
            "FaultMatrix", "--scenarios-file", DynamoFiles.Write(folder), "--load-profile", "continuity", "--ready-timeout", "60",
            "--parallelism", "2", "--results", folder["results"], "--scenario", $"engine-2-{Failure}", $"slow-2-{Failure}");

        var run = Assert.Single(Directory.GetDirectories(folder["results"]));
        using var summary = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(run, "summary.json"), TestContext.Current.CancellationToken));
        var rows = summary.RootElement.GetProperty("scenarios").EnumerateArray().ToDictionary(
            row => row.GetProperty("scenario").GetString()!, StringComparer.Ordinal);
        var found = rows[$"engine-2-{Failure}"].GetProperty("continuity");
        TestContext.Current.TestOutputHelper?.WriteLine(found.ToString());
        Assert.True(found.GetProperty("continuity").ValueKind == JsonValueKind.Number, output);
        Assert.Equal(1, found.GetProperty("continuity").GetDouble());
        Assert.InRange(found.GetProperty("migrations").GetInt32(), 1, int.MaxValue);
        Assert.Equal(found.GetProperty("streamsOpen").GetInt32(), found.GetProperty("streamsWentOn").GetInt32());
        var drawn = rows[$"slow-2-{Failure}"];
        Assert.Equal(JsonValueKind.Null, drawn.GetProperty("continuity").GetProperty("continuity").ValueKind);
        Assert.Contains("continuity is unknown", drawn.GetProperty("notes").ToString(), StringComparison.Ordinal);
    }
}
