using System.Text.Json.Nodes;
using FaultTolerance.Cluster;
using FaultTolerance.Faults.CordonNode;
using FaultTolerance.Faults.CpuHog;
using FaultTolerance.Faults.DiskFill;
using FaultTolerance.Faults.DrainNode;
using FaultTolerance.Faults.MemoryHog;
using FaultTolerance.Faults.OwnCommand;
using FaultTolerance.Faults.Scale;
using FaultTolerance.Faults.WrongConfig;
using FaultTolerance.Faults.WrongImage;
using FaultTolerance.Graphs;
using FaultTolerance.Graphs.Kinds;
using FaultTolerance.Scenarios;

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

    /// <summary>The state that every undo has to give back.</summary>
    public static string State(FaultStage stage, string folder) => string.Join('\n', [
        stage.Objects.Get("deployments", Deployment)["spec"]!.ToJsonString(),
        stage.Objects.Get("nodes", "node-1")["spec"]!.ToJsonString(),
        .. Directory.EnumerateFileSystemEntries(folder).Order(StringComparer.Ordinal),
        .. stage.Objects.Names("configmaps"),
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
