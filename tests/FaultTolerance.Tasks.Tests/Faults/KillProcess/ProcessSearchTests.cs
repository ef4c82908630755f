using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using FaultTolerance.Faults;
using FaultTolerance.Faults.KillProcess;
using FaultTolerance.Graphs;
using FaultTolerance.Graphs.Kinds;
using FaultTolerance.Scenarios;
using FaultTolerance.Tests.Cluster;
using Microsoft.AspNetCore.Http;

namespace FaultTolerance.Tests.Faults.KillProcess;

/// <summary>Which container of a pod a kill hits, by which name, and in which order pods are hit.</summary>
public sealed class ProcessSearchTests
{
    private static readonly string Stat = string.Join(' ', Enumerable.Range(5, 17));
    private readonly ConcurrentDictionary<string, string> _commands = new(StringComparer.Ordinal);
    private Func<string, string> _afterKill = static _ => "";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("vllm-rs serve", "vllm-engine", "process gone (PID 7, start 200); in container vllm-engine, as main has no match")]
    [InlineData("dynamo-vllm-sidecar", "main", "process gone (PID 7, start 200)")]
    public async Task Container_that_has_the_process_is_hit_and_the_proof_names_it(string process, string container, string proof)
    {
        await using var stage = await StageAsync(("main", "dynamo-vllm-sidecar --grpc-endpoint x"), ("vllm-engine", "vllm-rs serve m"));

        var outcome = Assert.Single(await stage.RunAsync(Kill(process)));

        Assert.Equal(proof, outcome.Proof?.Text ?? outcome.Error!.Message);
        Assert.Equal(container, Assert.Single(stage.Events("fault.landed"))["container"]!.GetValue<string>());
    }

    [Fact]
    public async Task Two_containers_with_the_process_are_told_and_none_is_hit()
    {
        await using var stage = await StageAsync(("engine-0", "python3 -m dynamo.vllm"), ("engine-1", "python3 -m dynamo.vllm"));

        var error = Assert.Single(await stage.RunAsync(Kill("dynamo.vllm"))).Error!;

        Assert.Equal("FT0619", error.Code);
        Assert.Contains("engine-0 and engine-1", error.Message, StringComparison.Ordinal);
        Assert.Empty(stage.Events("fault.issued"));
        Assert.Null(Assert.Single(await stage.RunAsync(Kill("dynamo.vllm") with { Container = "engine-1" })).Error);
    }

    [Theory]
    [InlineData("TRTLLM:EngineCore", true)]
    [InlineData("mpi4py.futures.server", true)]
    [InlineData("other", false)]
    public async Task First_name_that_is_there_counts_and_no_match_is_unproven(string runs, bool proven)
    {
        await using var stage = await StageAsync(("main", $"python3 -m {runs}"));

        var outcome = Assert.Single(await stage.RunAsync(Kill("TRTLLM:EngineCore") with { OrElse = "mpi4py.futures.server" }));

        Assert.Equal((proven, proven ? null : "FT0604"), (outcome.Proof is not null, outcome.Error?.Code));
    }

    [Theory]
    [InlineData("python3|-m|dynamo.sglang|--tp|1", "python3 -m dynamo.sglang --tp 1")]
    [InlineData("/bin/sh|-c|exec python3 -m dynamo.sglang --tp 1", "python3 -m dynamo.sglang --tp 1")]
    public async Task Kill_without_a_process_means_the_module_in_the_services_command(string command, string runs)
    {
        await using var stage = await StageAsync(("main", runs));
        stage.Pods.Change("small-0", pod => pod["spec"]!["containers"]![0]!["command"] =
            new JsonArray([.. command.Split('|').Select(word => (JsonNode)word)]));

        Assert.Null(Assert.Single(await stage.RunAsync(Kill(""))).Error);
        Assert.Equal(runs, Assert.Single(stage.Events("fault.landed"))["command"]!.GetValue<string>());
    }

    [Fact]
    public async Task Frontend_of_a_gateway_graph_is_the_sidecars_process()
    {
        var service = new GraphService("decode", "decode", 1) { Sidecar = "sidecar-frontend" };
        await using var stage = await StageAsync(
            new Graph("small", new PlainGraphKind(), [service], []), ("main", "python3 -m dynamo.vllm"), ("sidecar-frontend", "python3 -m dynamo.frontend"));

        Assert.Null(Assert.Single(await stage.RunAsync(Kill("") with { Target = "frontend" })).Error);
        Assert.Equal("sidecar-frontend", Assert.Single(stage.Events("fault.landed"))["container"]!.GetValue<string>());
    }

    [Fact]
    public async Task Kills_go_from_pod_to_pod_and_the_next_comes_when_the_pod_is_back_and_the_model_answers()
    {
        await using var stage = await StageAsync(("main", "python3 -m dynamo.vllm"));
        stage.Add("small-1");
        var asked = new List<int>();
        stage.Options = new FaultOptions
        {
            ModelAnswers = _ =>
            {
                asked.Add(stage.Events("fault.landed").Count);
                return Task.CompletedTask;
            },
        };
        _afterKill = pod =>
        {
            stage.Pods.Change(pod, item => item["status"]!["containerStatuses"]![0]!["restartCount"] = 1);
            return "";
        };

        var outcomes = await stage.RunAsync(Kill("dynamo.vllm") with { Pods = new PodSelection(SelectionMode.All, 0) });

        Assert.Equal([("small-0", true), ("small-1", true)], outcomes.Select(o => (o.Target!, o.Proof is not null)));
        Assert.Equal([1], asked);
        var (issued, landed) = (stage.Events("fault.issued"), stage.Events("fault.landed"));
        Assert.True(stage.Seconds(issued[1]) >= stage.Seconds(landed[0]));
    }

    [Fact]
    public async Task Pod_that_is_not_back_in_time_holds_up_the_next_no_longer()
    {
        await using var stage = await StageAsync(("main", "python3 -m dynamo.vllm"));
        stage.Add("small-1");
        stage.Options = new FaultOptions { NextPodTimeout = TimeSpan.FromSeconds(1) };
        _afterKill = pod =>
        {
            stage.Pods.Change(pod, item => item["status"]!["conditions"]![0]!["status"] = "False");
            return "";
        };

        var outcomes = await stage.RunAsync(Kill("dynamo.vllm") with { Pods = new PodSelection(SelectionMode.All, 0) });

        Assert.All(outcomes, outcome => Assert.NotNull(outcome.Proof));
        var (issued, landed) = (stage.Events("fault.issued"), stage.Events("fault.landed"));
        Assert.True(stage.Seconds(issued[1]) - stage.Seconds(landed[0]) >= 0.9);
    }

    private static KillProcessFault Kill(string process) =>
        new() { Target = "decode", Process = process, Signal = "SIGKILL", After = TimeSpan.Zero };

    private Task<FaultStage> StageAsync(params (string Name, string Runs)[] containers) =>
        StageAsync(new Graph("small", new PlainGraphKind(), [new GraphService("decode", "decode", 1)], []), containers);

    private async Task<FaultStage> StageAsync(Graph graph, params (string Name, string Runs)[] containers)
    {
        var stage = await FaultStage.StartAsync(pods: 1, graph: graph);
        stage.Handle = http =>
            http.Request.Path.Value!.EndsWith("/exec", StringComparison.Ordinal) ? ExecAsync(http) : Task.FromResult(false);
        stage.Pods.Change("small-0", pod =>
        {
            pod["spec"]!["containers"] = new JsonArray([.. containers.Select(c => new JsonObject { ["name"] = c.Name, ["image"] = "x" })]);
            pod["status"]!["containerStatuses"] = new JsonArray([.. containers.Select(c =>
            {
                var status = pod["status"]!["containerStatuses"]![0]!.DeepClone();
                status["name"] = c.Name;
                return status;
            })]);
        });
        foreach (var (name, runs) in containers)
        {
            _commands[name] = runs;
        }

        return stage;
    }

    private Task<bool> ExecAsync(HttpContext http) => FakeApi.SocketAsync(http, "v5.channel.k8s.io", async socket =>
    {
        var script = http.Request.Query["command"][2]!;
        var pod = http.Request.Path.Value!.Split('/')[^2];
        if (script.Contains("SigCgt", StringComparison.Ordinal))
        {
            var runs = _commands[http.Request.Query["container"]!];
            await SayAsync(socket, $"P|0;1 (tini) S 0 {Stat} 100 0|tini\nP|0;7 (p) S 1 {Stat} 200 0|{runs}\n");
        }
        else
        {
            await SayAsync(socket, "sent 7 1.00 1.00\ngone 7 1.00 1.01\n" + _afterKill(pod));
        }

        await FakeApi.SendAsync(socket, 3, """{"status":"Success"}"""u8);
    });

    private static Task SayAsync(WebSocket socket, string text) => FakeApi.SendAsync(socket, 1, Encoding.UTF8.GetBytes(text));
}
