using FaultTolerance.Faults;
using FaultTolerance.Faults.Heal;
using FaultTolerance.Faults.Latency;
using FaultTolerance.Scenarios;
using FaultTolerance.Tests.Cluster;
using FaultTolerance.Tests.Faults.Kinds;

namespace FaultTolerance.Tests.Faults.Network;

/// <summary>A cluster that cannot break a pod's network says so before anything is deployed.</summary>
public sealed class RefusalTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RequireAsync_in_a_cluster_without_any_means_names_the_kind_and_the_reason()
    {
        var (stage, _) = await KindSamples.StageAsync();
        await using var ends = stage;
        stage.Handle = async http => http.Request.Path.Value == "/api/v1"
            && await FakeApi.JsonAsync(http, """{ "kind": "APIResourceList", "resources": [ { "name": "pods", "kind": "Pod" } ] }""");
        using var session = await stage.Api.ConnectAsync(stage.Time, retries: 0);

        var error = await Assert.ThrowsAsync<FaultMatrixException>(() => FaultKinds.Standard.RequireAsync(
            new Failure("f", [FaultInjectorTests.Delete(0), new LatencyFault { Target = "decode", For = TimeSpan.FromSeconds(1) }]),
            session, new FaultOptions(), Cancellation));

        Assert.Equal("FT0630", error.Code);
        Assert.StartsWith("latency cannot be made here, so nothing is deployed for it: ", error.Message, StringComparison.Ordinal);
        Assert.Contains("ephemeral containers", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RequireAsync_of_faults_that_any_cluster_carries_says_nothing()
    {
        var (stage, _) = await KindSamples.StageAsync();
        await using var ends = stage;
        using var session = await stage.Api.ConnectAsync(stage.Time, retries: 0);

        await FaultKinds.Standard.RequireAsync(
            new Failure("f", [FaultInjectorTests.Delete(0), new HealStep()]), session, new FaultOptions(), Cancellation);
    }
}
