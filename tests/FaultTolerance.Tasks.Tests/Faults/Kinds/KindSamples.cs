using System.Text.Json.Nodes;
using FaultTolerance.Cluster;
using FaultTolerance.Faults.Bandwidth;
using FaultTolerance.Faults.BlackHole;
using FaultTolerance.Faults.CordonNode;
using FaultTolerance.Faults.CpuHog;
using FaultTolerance.Faults.CutApi;
using FaultTolerance.Faults.DiskFill;
using FaultTolerance.Faults.DnsFailure;
using FaultTolerance.Faults.DrainNode;
using FaultTolerance.Faults.Latency;
using FaultTolerance.Faults.Loss;
using FaultTolerance.Faults.MemoryHog;
using FaultTolerance.Faults.OwnCommand;
using FaultTolerance.Faults.Partition;
using FaultTolerance.Faults.ResetConnections;
using FaultTolerance.Faults.Scale;
using FaultTolerance.Faults.WrongConfig;
using FaultTolerance.Faults.WrongImage;
using FaultTolerance.Graphs;
using FaultTolerance.Graphs.Kinds;
using FaultTolerance.Scenarios;
using FaultTolerance.Tests.Faults.Network;

namespace FaultTolerance.Tests.Faults.Kinds;

/// <summary>A stage on which every kind can play, and a fault of each kind that lasts.</summary>
internal static class KindSamples
{
    public const string Deployment = "small-decode";

    private static readonly TimeSpan Now = TimeSpan.Zero;

    /// <summary>A fault of a kind that works in the folder.</summary>
    public static Fault Of(string kind, string folder, TimeSpan lasts) => kind switch
    {
        CpuHogFault.Word => new CpuHogFault { For = lasts, Target = "decode", After = Now },
        MemoryHogFault.Word => new MemoryHogFault { For = lasts, Megabytes = 3, Target = "decode", After = Now },
        DiskFillFault.Word => new DiskFillFault { For = lasts, Path = folder, Megabytes = 2, Target = "decode", After = Now },
        OwnCommandFault.Word => new OwnCommandFault
        {
            For = lasts, Run = $"touch '{folder}/broken'", Undo = $"rm -f '{folder}/broken'", Check = $"[ -e '{folder}/broken' ]",
            Target = "decode", After = Now,
        },
        ScaleFault.Word => new ScaleFault { For = lasts, To = 3, Target = "decode", After = Now },
        WrongImageFault.Word => new WrongImageFault { For = lasts, Target = "decode", After = Now },
        WrongConfigFault.Word => new WrongConfigFault { For = lasts, Variable = "A", Value = "wrong", Target = "decode", After = Now },
        CordonNodeFault.Word => new CordonNodeFault { For = lasts, Target = "decode", After = Now },
        DrainNodeFault.Word => new DrainNodeFault { For = lasts, Target = "decode", After = Now },
        PartitionFault.Word => new PartitionFault { For = lasts, From = "front", Target = "decode", After = Now },
        LatencyFault.Word => new LatencyFault { For = lasts, From = "front", Milliseconds = 300, Target = "decode", After = Now },
        LossFault.Word => new LossFault { For = lasts, Target = "decode", After = Now },
        BandwidthFault.Word => new BandwidthFault { For = lasts, From = "front", Target = "decode", After = Now },
        ResetConnectionsFault.Word => new ResetConnectionsFault { For = lasts, Target = "decode", After = Now },
        BlackHoleFault.Word => new BlackHoleFault { For = lasts, From = "front", Target = "decode", After = Now },
        DnsFailureFault.Word => new DnsFailureFault { For = lasts, Name = "localhost", Target = "decode", After = Now },
        CutApiFault.Word => new CutApiFault { For = lasts, After = Now },
        _ => throw new ArgumentException(kind, nameof(kind)),
    };

    /// <summary>A graph of one Deployment and a node, with a controller that follows what is asked.</summary>
    public static async Task<(FaultStage Stage, RealShell Shell)> StageAsync(int pods = 1)
    {
        var stage = await FaultStage.StartAsync(pods);
        var shell = new RealShell();
        stage.Handle = shell.AnswerAsync;
        var deployment = Body();
        stage.Graph = new Graph("small", new PlainGraphKind(), [new GraphService("decode", "decode", pods)], [new GraphObject(ResourceType.Deployments, Body())]);
        stage.Objects.Put("deployments", deployment);
        stage.Objects.Put("nodes", new JsonObject { ["metadata"] = new JsonObject { ["name"] = "node-1" }, ["spec"] = new JsonObject() });
        stage.Objects.OnReplace = (_, item) => Follow(stage, item);
        return (stage, shell);
    }

    /// <summary>The same with a second service, from which connections to the first are made over a network that can be broken.</summary>
    public static async Task<(FaultStage Stage, FakeNetwork Network)> NetworkAsync()
    {
        var (stage, shell) = await StageAsync();
        var network = new FakeNetwork(stage);
        stage.Graph = stage.Graph with { Services = [.. stage.Graph.Services, new GraphService("front", "front", 1)] };
        stage.Add("small-front", "front");
        foreach (var name in new[] { "small-0", "small-front" })
        {
            stage.Pods.Change(name, pod =>
            {
                pod["status"]!["podIP"] = "127.0.0.1";
                pod["spec"]!["containers"]![0]!["ports"] = new JsonArray(new JsonObject { ["containerPort"] = network.Port });
            });
        }

        shell.Answer = command => Array.Exists(command, word => word == "localhost") && stage.Objects.Names("networkfaults").Count > 0
            ? "reach silent 3000\n" : null;
        stage.Handle = async http => await network.AnswerAsync(http) || await shell.AnswerAsync(http);
        return (stage, network);
    }

    /// <summary>The state that every undo has to give back.</summary>
    public static string State(FaultStage stage, string folder) => string.Join('\n', [
        stage.Objects.Get("deployments", Deployment)["spec"]!.ToJsonString(),
        stage.Objects.Get("nodes", "node-1")["spec"]!.ToJsonString(),
        .. Directory.EnumerateFileSystemEntries(folder).Order(StringComparer.Ordinal),
        .. stage.Objects.Names("configmaps"),
        .. stage.Objects.Names("networkpolicies"),
        .. stage.Objects.Names("networkfaults"),
    ]);

    private static void Follow(FaultStage stage, JsonObject deployment)
    {
        var wanted = deployment["spec"]!["replicas"]!.GetValue<int>();
        for (var i = 0; i < wanted; i++)
        {
            if (stage.Pods.Find($"small-{i}") is null)
            {
                stage.Add($"small-{i}");
            }
        }

        var main = deployment["spec"]!["template"]!["spec"]!["containers"]![0]!;
        if (main["image"]!.GetValue<string>() is var image && (image != "x" || main["env"] is JsonArray { Count: > 0 }))
        {
            stage.Add("small-new");
            stage.Pods.Change("small-new", pod =>
            {
                pod["spec"]!["containers"]![0] = main.DeepClone();
                if (image.Contains("invalid", StringComparison.Ordinal))
                {
                    pod["status"]!["containerStatuses"]![0]!["state"] = new JsonObject { ["waiting"] = new JsonObject { ["reason"] = "ErrImagePull" } };
                }
            });
        }
    }

    private static JsonObject Body() => JsonNode.Parse($$"""
        { "metadata": { "name": "{{Deployment}}", "generation": 1 },
          "spec": { "replicas": 1, "template": {
            "metadata": { "labels": { "{{GraphLabels.Service}}": "decode" } },
            "spec": { "containers": [ { "name": "main", "image": "x" } ] } } } }
        """)!.AsObject();
}
