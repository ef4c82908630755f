using System.Text.Json.Nodes;
using FaultTolerance.Faults;
using FaultTolerance.Faults.DeleteGracefully;
using FaultTolerance.Faults.DeleteSelected;
using FaultTolerance.Faults.EvictPod;
using FaultTolerance.Faults.RollingRestart;
using FaultTolerance.Faults.RollingUpgrade;
using FaultTolerance.Scenarios;
using FaultTolerance.Tests.Cluster;

namespace FaultTolerance.Tests.Faults.Kinds;

/// <summary>Kinds whose work is an order to the API, which the platform then mends.</summary>
public sealed class PodOrderTests
{
    [Fact]
    public async Task DeleteGracefully_gives_the_pod_its_time_and_tells_how_long_it_took()
    {
        await using var stage = await FaultStage.StartAsync(pods: 1);

        var outcome = Assert.Single(await stage.RunAsync(new DeleteGracefullyFault { Grace = 7, Target = "decode", After = TimeSpan.Zero }));

        Assert.Null(outcome.Error);
        Assert.Matches(@"all containers ended \d+\.\d s after the order; replaced by small-0-next", outcome.Proof!.Text);
    }

    [Fact]
    public async Task EvictPod_asks_for_an_eviction_again_while_a_budget_refuses()
    {
        await using var stage = await FaultStage.StartAsync(pods: 1);
        var refusals = 0;
        stage.Handle = http => http.Request.Path.Value!.EndsWith("/eviction", StringComparison.Ordinal) && refusals++ == 0
            ? FakeApi.StatusAsync(http, 429, "TooManyRequests", "Cannot evict pod as it would violate the pod's disruption budget.")
            : Task.FromResult(false);

        var outcome = Assert.Single(await stage.RunAsync(new EvictPodFault { Target = "decode", After = TimeSpan.Zero }));

        Assert.Null(outcome.Error);
        Assert.Equal(2, stage.Api.Requests.Count(request => request.EndsWith("/eviction", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task EvictPod_on_a_Kubernetes_before_1_22_asks_in_the_older_form()
    {
        await using var stage = await FaultStage.StartAsync(pods: 1);
        var forms = new List<string>();
        stage.Handle = async http =>
        {
            if (!http.Request.Path.Value!.EndsWith("/eviction", StringComparison.Ordinal))
            {
                return false;
            }

            var body = await System.Text.Json.Nodes.JsonNode.ParseAsync(http.Request.Body, cancellationToken: http.RequestAborted);
            forms.Add(body!["apiVersion"]!.GetValue<string>());
            return forms[^1] == "policy/v1" && await FakeApi.StatusAsync(http, 400, "BadRequest", "Eviction in version \"v1\" cannot be handled");
        };

        var outcome = Assert.Single(await stage.RunAsync(new EvictPodFault { Target = "decode", After = TimeSpan.Zero }));

        Assert.Null(outcome.Error);
        Assert.Equal(["policy/v1", "policy/v1beta1"], forms);
    }

    [Fact]
    public async Task EvictPod_that_a_budget_refuses_for_good_is_unproven_with_its_words()
    {
        await using var stage = await FaultStage.StartAsync(pods: 1);
        stage.Options = new() { ProofTimeout = TimeSpan.Zero };
        stage.Handle = http => http.Request.Path.Value!.EndsWith("/eviction", StringComparison.Ordinal)
            ? FakeApi.StatusAsync(http, 429, "TooManyRequests", "Cannot evict pod as it would violate the pod's disruption budget.")
            : Task.FromResult(false);

        var outcome = Assert.Single(await stage.RunAsync(new EvictPodFault { Target = "decode", After = TimeSpan.Zero }));

        Assert.Equal("FT0623", outcome.Error!.Code);
        Assert.Contains("disruption budget", outcome.Error.Message, StringComparison.Ordinal);
        Assert.NotNull(stage.Pods.Find("small-0"));
    }

    [Fact]
    public async Task DeleteSelected_deletes_pods_beside_the_graph_and_waits_for_others()
    {
        await using var stage = await FaultStage.StartAsync(pods: 2);

        var outcome = Assert.Single(await stage.RunAsync(new DeleteSelectedFault { Selector = "app=nats", After = TimeSpan.Zero }));

        Assert.Null(outcome.Error);
        Assert.Equal("small-0 gone, 2 left; ready instead: small-0-next", outcome.Proof!.Text);
        Assert.Contains(stage.Api.Requests, request => request.Contains("labelSelector=app%3Dnats", StringComparison.Ordinal));
    }

    [Fact]
    public async Task DeleteSelected_that_finds_nothing_is_an_error()
    {
        await using var stage = await FaultStage.StartAsync(pods: 0);

        var outcome = Assert.Single(await stage.RunAsync(new DeleteSelectedFault { Selector = "app=nats", After = TimeSpan.Zero }));

        Assert.Equal("FT0611", outcome.Error!.Code);
    }

    [Theory]
    [MemberData(nameof(Rollouts))]
    public async Task Rollout_is_proven_when_every_pod_is_new(int which, string changed)
    {
        var (stage, _) = await KindSamples.StageAsync(pods: 2);
        await using var ends = stage;
        stage.Objects.OnReplace = (_, item) =>
        {
            for (var i = 0; i < 2; i++)
            {
                stage.Pods.Remove($"small-{i}");
                stage.Add($"new-{i}");
                stage.Pods.Change($"new-{i}", pod =>
                    pod["spec"]!["containers"]![0] = item["spec"]!["template"]!["spec"]!["containers"]![0]!.DeepClone());
            }
        };
        Fault fault = which switch
        {
            0 => new RollingRestartFault { Target = "decode", After = TimeSpan.Zero },
            1 => new RollingUpgradeFault { Image = "y", Target = "decode", After = TimeSpan.Zero },
            _ => new RollingUpgradeFault { Variable = "V", Value = "2", Target = "decode", After = TimeSpan.Zero },
        };

        var outcome = Assert.Single(await stage.RunAsync(fault));

        Assert.Null(outcome.Error);
        Assert.Matches("^all 2 pods are new and ready, restarts 0, the first new-0, after .* s; fewest ready meanwhile [01]; generation 2$", outcome.Proof!.Text);
        Assert.Contains(changed, stage.Objects.Get("deployments", KindSamples.Deployment).ToJsonString(), StringComparison.Ordinal);
        var landed = Assert.Single(stage.Events("fault.landed"));
        Assert.Equal((2, 0, 0),
            (landed["newPods"]!.GetValue<int>(), landed["oldPods"]!.GetValue<int>(), landed["newRestarts"]!.GetValue<int>()));
        Assert.InRange(landed["fewestReady"]!.GetValue<int>(), 0, 1);
        Assert.Null(landed["platform"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Rollout_that_the_platform_does_not_manage_says_so_whether_or_not_it_comes_to_its_end(bool ends)
    {
        var (stage, _) = await KindSamples.StageAsync(pods: 1);
        await using var end = stage;
        stage.Options = new FaultOptions { RolloutTimeout = TimeSpan.FromSeconds(ends ? 60 : 0.3) };
        stage.Objects.Put("events", JsonNode.Parse($$"""
            { "metadata": { "name": "e" }, "type": "Warning", "reason": "RollingUpdateNotSupported", "message": "not for Grove",
              "involvedObject": { "kind": "Deployment", "name": "{{KindSamples.Deployment}}" } }
            """)!.AsObject());
        stage.Objects.OnReplace = (_, item) =>
        {
            if (ends)
            {
                stage.Pods.Remove("small-0");
                stage.Add("new-0");
                stage.Pods.Change("new-0", pod =>
                    pod["spec"]!["containers"]![0] = item["spec"]!["template"]!["spec"]!["containers"]![0]!.DeepClone());
            }
        };

        var outcome = Assert.Single(await stage.RunAsync(new RollingUpgradeFault { Image = "y", Target = "decode",
            After = TimeSpan.Zero }));

        const string Said = "the platform says RollingUpdateNotSupported: not for Grove";
        Assert.EndsWith(Said, ends ? outcome.Proof!.Text : outcome.Error!.Message, StringComparison.Ordinal);
        Assert.Equal(
            ends ? "RollingUpdateNotSupported: not for Grove" : null,
            stage.Events("fault.landed").Select(item => item["platform"]!.GetValue<string>()).SingleOrDefault());
    }

    public static TheoryData<int, string> Rollouts => new()
    {
        { 0, "kubectl.kubernetes.io/restartedAt" },
        { 1, "\"image\":\"y\"" },
        { 2, "\"env\":[{\"name\":\"V\",\"value\":\"2\"}]" },
    };
}
