using FaultTolerance.Cluster;
using FaultTolerance.Faults;
using FaultTolerance.Faults.CutApi;
using k8s.Models;

namespace FaultTolerance.Tests.Faults.Kinds;

/// <summary>The tool's own connection to the API server, cut and mended.</summary>
public sealed class CutApiTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RunAsync_breaks_the_watch_fails_a_call_and_heals_with_one()
    {
        await using var stage = await FaultStage.StartAsync(pods: 1);
        stage.Options = new FaultOptions { Journal = Path.Combine(stage.Folder, "undo.jsonl") };

        var outcome = Assert.Single(await stage.RunAsync(new CutApiFault { For = TimeSpan.FromSeconds(0.2), After = TimeSpan.Zero }));

        Assert.Null(outcome.Error);
        Assert.Matches("^[1-9][0-9]* connections broken; a call fails: FT03..: ", outcome.Proof!.Text);
        Assert.True(Assert.Single(stage.Events("fault.issued"))["ownWay"]!.GetValue<bool>());
        Assert.Contains("answers again", Assert.Single(stage.Events("fault.healed"))["proof"]!.GetValue<string>(),
            StringComparison.Ordinal);
        Assert.Empty(stage.Objects.Names("configmaps"));
        Assert.Equal(2, File.ReadAllLines(stage.Options.Journal!).Length);
    }

    [Fact]
    public async Task Cut_refuses_calls_until_it_is_mended()
    {
        await using var stage = await FaultStage.StartAsync(pods: 1);
        using var session = await stage.Api.ConnectAsync(stage.Time, retries: 0);

        session.Api.Line.Cut();
        var error = await Assert.ThrowsAsync<ClusterException>(() => session.FindAsync<V1Pod>(ResourceType.Pods, "small-0", Cancellation));
        session.Api.Line.Mend();

        Assert.Contains("cut by a fault of this run", error.GetBaseException().Message, StringComparison.Ordinal);
        Assert.NotNull(await session.FindAsync<V1Pod>(ResourceType.Pods, "small-0", Cancellation));
    }
}
