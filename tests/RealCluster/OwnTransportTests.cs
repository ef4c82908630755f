using System.Text.Json.Nodes;
using RealCluster.Support;

namespace RealCluster;

/// <summary>
/// The tool's own way to the frontends breaks in the middle of a baseline's load: the row is invalid and names the cause, and no request is
/// called lost by the service.
/// </summary>
[Collection(nameof(Alone))]
public sealed class OwnTransportTests(ITestOutputHelper log)
{
    private const string Row = "plain-agg-none";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [RealClusterFact]
    public async Task API_server_killed_in_mid_load_of_a_baseline_is_our_own_failure()
    {
        var server = ClusterComponent.Find("kube-apiserver");
        await using var space = await TestNamespace.CreateAsync();
        await using var script = Start(space, RealClusterFactAttribute.Kubeconfig!);
        try
        {
            await UnderLoadAsync(script);
            await using (server.Crash())
            {
                await Task.Delay(TimeSpan.FromSeconds(2), Cancellation);
            }

            await CheckAsync(space, script, "API server|6443");
        }
        finally
        {
            await ServesAsync(space);
        }
    }

    [RealClusterFact]
    public async Task Kubelet_stopped_in_mid_load_of_a_baseline_is_our_own_failure()
    {
        var kubelet = ClusterComponent.Find("kubelet");
        await using var space = await TestNamespace.CreateAsync();
        await using var script = Start(space, RealClusterFactAttribute.Kubeconfig!);
        await UnderLoadAsync(script);
        await using (kubelet.Freeze())
        {
            await Task.Delay(TimeSpan.FromSeconds(15), Cancellation);
        }

        await CheckAsync(space, script, "no port-forward to .* opens within 3 s; the API server answers, so it is the kubelet");
    }

    [RealClusterFact]
    public async Task Port_forwards_cut_in_mid_load_of_a_baseline_are_our_own_failure()
    {
        await using var space = await TestNamespace.CreateAsync();
        await using var proxy = ChaosProxy.Start(RealClusterFactAttribute.Kubeconfig!, seed: 1, share: 0);
        await using var script = Start(space, space.WriteKubeconfig("not-used-by-the-proxy", proxy.Address));
        await UnderLoadAsync(script);
        await proxy.CutPortForwardsAsync(TimeSpan.FromSeconds(2));

        await CheckAsync(space, script, "port-?forward|tunnel");
    }

    private static BuildScript Start(TestNamespace space, string kubeconfig) =>
        BuildScript.Start(["FaultMatrix", "--scenario", Row, "--kubeconfig", kubeconfig, "--namespace", space.Name]);

    // The load is told as started before its first request; a second into it there are requests under way.
    private static async Task UnderLoadAsync(BuildScript script)
    {
        var started = script.SeesAsync(line => line.Contains("Load started", StringComparison.Ordinal));
        Assert.Same(started, await Task.WhenAny(started, script.WaitAsync()));
        await Task.Delay(TimeSpan.FromSeconds(1), Cancellation);
    }

    private async Task CheckAsync(TestNamespace space, BuildScript script, string cause)
    {
        var code = await script.WaitAsync();
        log.WriteLine(script.Output);
        Assert.Equal(1, code);
        var run = RunSummary.Of(script.Output);
        run.AssertBooksAddUp();
        var row = run.Rows[Row];
        log.WriteLine(row["requests"]!.ToJsonString());
        Assert.Equal("Invalid", row["state"]!.GetValue<string>());
        var note = Assert.Single(row["notes"]!.AsArray().Select(text => text!.GetValue<string>()), text => text.StartsWith("FT0814", StringComparison.Ordinal));
        Assert.Matches(cause, note);
        Assert.Contains(note, script.Output, StringComparison.Ordinal);
        Assert.True(Number(row["requests"]!, "ownTransport") > 0, row["requests"]!.ToJsonString());
        Assert.Equal(0, Number(row["requests"]!, "failed"));
        Assert.Equal((0.0, 0.0), (Number(row["legacy"]!, "failedBefore"), Number(row["legacy"]!, "failedAfter")));
        await space.AssertNothingLeftAsync();
    }

    private static double Number(JsonNode holder, string key) => holder[key]?.GetValue<double>() ?? 0;

    // What comes after, the namespace's removal first, needs the API.
    private static async Task ServesAsync(TestNamespace space)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            try
            {
                using var session = await TestNamespace.ConnectAsync(space.Name);
                return;
            }
            catch (FaultTolerance.Cluster.ClusterException) when (!limit.IsCancellationRequested)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), CancellationToken.None);
            }
        }
    }
}
