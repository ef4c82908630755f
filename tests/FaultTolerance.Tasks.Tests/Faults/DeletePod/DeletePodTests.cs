using System.Text.Json.Nodes;
using FaultTolerance.Faults;
using FaultTolerance.Faults.DeletePod;
using FaultTolerance.Scenarios;
using FaultTolerance.Tests.Cluster;
using Microsoft.Extensions.Time.Testing;

namespace FaultTolerance.Tests.Faults.DeletePod;

/// <summary>What proves a deletion, and what does not.</summary>
public sealed class DeletePodTests
{
    private static readonly DeletePodFault Fault = new() { Target = "decode", After = TimeSpan.Zero };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Kubelets_word_of_the_containers_end_is_proof()
    {
        await using var stage = await FaultStage.StartAsync(pods: 1);

        var outcome = Assert.Single(await stage.RunAsync(Fault));

        Assert.Null(outcome.Error);
        Assert.EndsWith(
            "all containers ended; replaced by small-0-next (uid uid-small-0-next)",
            outcome.Proof!.Text,
            StringComparison.Ordinal
        );
        Assert.Equal("small-0-next", Assert.Single(stage.Events("fault.replaced"))["newPod"]!.GetValue<string>());
        Assert.Equal("delete_pod", Assert.Single(stage.Events("fault.landed"))["command"]!.GetValue<string>());
    }

    [Fact]
    public async Task End_of_the_object_alone_is_no_proof()
    {
        var time = new FakeTimeProvider();
        await using var stage = await FaultStage.StartAsync(pods: 1, time);
        stage.OnDelete = name =>
        {
            stage.Pods.Remove(name);
            stage.Add("other");
        };

        var error = await UnprovenAsync(stage, time);

        Assert.Equal("FT0606", error.Code);
        Assert.Contains("the kubelet did not tell of its containers' end; missing is", error.Message, StringComparison.Ordinal);
        Assert.Contains("that it serves no more (port 9090 took no connection)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connection_that_still_stands_is_told()
    {
        var time = new FakeTimeProvider();
        await using var stage = await FaultStage.StartAsync(pods: 1, time);
        using var server = PodServer.Of(stage, "small-0");
        stage.OnDelete = name =>
        {
            stage.Pods.Remove(name);
            stage.Add("other");
        };

        var error = await UnprovenAsync(stage, time);

        Assert.Contains(
            "missing is that it serves no more (a connection into it still stands and answers)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connection_that_nobody_ends_is_proof_once_nothing_answers_and_another_pod_of_the_node_does()
    {
        var time = new FakeTimeProvider();
        await using var stage = await FaultStage.StartAsync(pods: 1, time);
        using var server = PodServer.Of(stage, "small-0");
        using var other = Vanishing(stage, server);

        var outcome = await UntilAsync(stage, time);

        Assert.Null(outcome.Error);
        Assert.Equal(
            "uid gone from the API, no endpoint of it left, and a connection into it, which answered before, answers no more, "
                + "while another pod of its node does; replaced by other (uid uid-other)",
            outcome.Proof!.Text
        );
    }

    [Theory]
    [InlineData("another node")]
    [InlineData("silent")]
    public async Task Connection_that_nobody_ends_is_no_proof_where_no_other_pod_of_the_node_answers(string how)
    {
        var time = new FakeTimeProvider();
        await using var stage = await FaultStage.StartAsync(pods: 1, time);
        using var server = PodServer.Of(stage, "small-0");
        using var other = Vanishing(stage, server, how == "silent" ? "node-1" : "node-2");
        if (how == "silent")
        {
            other.Hang();
        }

        var error = await UnprovenAsync(stage, time);

        Assert.Contains(
            "(a connection into it still stands and does not answer, but no other pod of its node answers either)",
            error.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Pod_that_only_hangs_is_no_proof()
    {
        var time = new FakeTimeProvider();
        await using var stage = await FaultStage.StartAsync(pods: 1, time);
        using var server = PodServer.Of(stage, "small-0");
        using var other = Vanishing(stage, server, hangs: true);

        var error = await UnprovenAsync(stage, time);

        Assert.Contains(
            "(a connection into it still stands and does not answer, but another one comes about)",
            error.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Connection_that_ends_is_proof_once_no_endpoint_leads_to_the_pod()
    {
        await using var stage = await FaultStage.StartAsync(pods: 1);
        using var server = PodServer.Of(stage, "small-0");
        Lead(stage, "uid-small-0");
        stage.OnDelete = name =>
        {
            stage.Pods.Remove(name);
            stage.Add("other");
            Lead(stage, "uid-other");
            server.End();
        };

        var outcome = Assert.Single(await stage.RunAsync(Fault));

        Assert.Null(outcome.Error);
        Assert.Equal(
            "uid gone from the API, no endpoint of it left, and a connection into it ended; replaced by other (uid uid-other)",
            outcome.Proof!.Text
        );
    }

    [Fact]
    public async Task Endpoint_that_still_leads_to_the_pod_is_told()
    {
        var time = new FakeTimeProvider();
        await using var stage = await FaultStage.StartAsync(pods: 1, time);
        using var server = PodServer.Of(stage, "small-0");
        Lead(stage, "uid-small-0");
        stage.OnDelete = name =>
        {
            stage.Pods.Remove(name);
            stage.Add("other");
            server.End();
        };

        var error = await UnprovenAsync(stage, time);

        Assert.Contains("missing is that no endpoint leads to it any more", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_deletions_do_not_share_a_replacement()
    {
        var time = new FakeTimeProvider();
        await using var stage = await FaultStage.StartAsync(pods: 2, time);
        stage.OnDelete = name =>
        {
            stage.End(name, terminating: true);
            stage.Pods.Remove(name);
            if (name == "small-1")
            {
                stage.Add("only");
            }
        };

        var running = stage.RunAsync(Fault with { Pods = new PodSelection(SelectionMode.All, 0) });
        while (!running.IsCompleted)
        {
            await Task.WhenAny(running, Task.Delay(10, Cancellation));
            if (stage.Events("fault.replaced").Count > 0)
            {
                // In small steps: the other pod's end is told by then, too, and what it lacks is a pod in its place.
                time.Advance(stage.Options.ProofTimeout / 100);
            }
        }

        var outcomes = await running;

        Assert.Contains(
            "replaced by only",
            Assert.Single(outcomes, outcome => outcome.Error is null).Proof!.Text,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "a pod in the place of",
            Assert.Single(outcomes, outcome => outcome.Error is not null).Error!.Message,
            StringComparison.Ordinal
        );
        Assert.Single(stage.Events("fault.replaced"));
    }

    [Fact]
    public async Task Answer_that_was_lost_does_not_end_the_proof()
    {
        await using var stage = await FaultStage.StartAsync(pods: 1);
        stage.Handle = async http =>
        {
            if (http.Request.Method != "DELETE")
            {
                return false;
            }

            stage.Replace("small-0");
            return await FakeApi.StatusAsync(http, 404, "NotFound", "pods small-0 not found");
        };

        var outcome = Assert.Single(await stage.RunAsync(Fault));

        Assert.Null(outcome.Error);
        Assert.EndsWith("as to an order that it had carried out already", outcome.Proof!.Text, StringComparison.Ordinal);
    }

    private static async Task<FaultMatrixException> UnprovenAsync(FaultStage stage, FakeTimeProvider time) =>
        (await UntilAsync(stage, time)).Error!;

    // The time of the proof goes on once the endpoints are looked at by the fault too, after the watch's own list and watch of them.
    private static async Task<FaultOutcome> UntilAsync(FaultStage stage, FakeTimeProvider time)
    {
        const int Steps = 200;
        using var pulse = new Pulse();
        var running = stage.RunAsync(Fault);
        while (!running.IsCompleted)
        {
            await Task.WhenAny(running, Task.Delay(10, Cancellation));
            await pulse.BeatAsync(Cancellation);
            if (stage.Api.Requests.Count(request => request.Contains("/endpoints?", StringComparison.Ordinal)) > 2)
            {
                time.Advance(stage.Options.ProofTimeout / Steps);
            }
        }

        return Assert.Single(await running);
    }

    // The pod goes, and nobody is left to end its connections; the one in its place serves.
    private static PodServer Vanishing(FaultStage stage, PodServer server, string node = "node-1", bool hangs = false)
    {
        stage.Add("other");
        var other = PodServer.Of(stage, "other", node);
        var template = stage.Pods.Find("other")!.DeepClone().AsObject();
        stage.Pods.Remove("other");
        stage.OnDelete = name =>
        {
            (hangs ? (Action)server.Hang : server.Vanish)();
            stage.Pods.Remove(name);
            stage.Pods.Put(template);
        };
        return other;
    }

    private static void Lead(FaultStage stage, string uid) =>
        stage.Endpoints.Put(
            new JsonObject
            {
                ["metadata"] = new JsonObject { ["name"] = "small-decode" },
                ["subsets"] = new JsonArray(
                    new JsonObject
                    {
                        ["addresses"] = new JsonArray(
                            new JsonObject
                            {
                                ["ip"] = "10.0.0.1",
                                ["targetRef"] = new JsonObject
                                {
                                    ["kind"] = "Pod",
                                    ["name"] = uid,
                                    ["uid"] = uid,
                                },
                            }
                        ),
                    }
                ),
            }
        );
}
