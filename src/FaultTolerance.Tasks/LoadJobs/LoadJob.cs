using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using FaultTolerance.Cluster;
using FaultTolerance.Graphs;
using FaultTolerance.Load.Workers;

namespace FaultTolerance.LoadJobs;

/// <summary>The Job of a load, and the Secret with its plan. Nothing of the plan is in the Job.</summary>
/// <param name="owner">The row that it belongs to.</param>
/// <param name="image">The tool's image.</param>
/// <param name="pods">How many pods.</param>
/// <param name="deadline">When the cluster ends it in any case.</param>
internal sealed class LoadJob(GraphOwner owner, string image, int pods, TimeSpan deadline)
{
    /// <summary>The label of its pods; its value is the Job's name.</summary>
    public const string Label = "faultmatrix.dev/load";

    /// <summary>The annotation and, from Kubernetes 1.28 on, label of a pod's index.</summary>
    public const string Index = "batch.kubernetes.io/job-completion-index";

    /// <summary>The tool's image, where the load names none.</summary>
    public const string DefaultImage = "faultmatrix/tool:1";

    private const int Expires = 60;

    /// <summary>Its name and that of its Secret: the same for the same row of the same run.</summary>
    public string Name { get; } = "faultmatrix-load-"
        + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{owner.RunId}/{owner.Scenario}")))[..10];

    /// <summary>The Job.</summary>
    public JsonObject ToJson() => new()
    {
        ["apiVersion"] = ResourceType.Jobs.ApiVersion,
        ["kind"] = ResourceType.Jobs.Kind,
        ["metadata"] = new JsonObject { ["name"] = Name, ["labels"] = Labels() },
        ["spec"] = new JsonObject
        {
            ["completionMode"] = "Indexed",
            ["completions"] = pods,
            ["parallelism"] = pods,

            // A pod that fails is not made again, and takes no other with it. What does not know the second key goes by the first.
            ["backoffLimit"] = 1000,
            ["backoffLimitPerIndex"] = 0,
            ["activeDeadlineSeconds"] = (int)Math.Ceiling(deadline.TotalSeconds),
            ["ttlSecondsAfterFinished"] = Expires,
            ["template"] = new JsonObject
            {
                ["metadata"] = new JsonObject { ["labels"] = Labels() },
                ["spec"] = LoadPodSpec.Of(Name, image, owner),
            },
        },
    };

    /// <summary>The Secret, which goes with the Job.</summary>
    /// <param name="uid">The Job's uid.</param>
    /// <param name="plan">The plan.</param>
    /// <exception cref="FaultMatrixException">FT0522: it is too large for a Secret; FT0240: a file of the load cannot be read.</exception>
    public JsonObject SecretFor(string uid, WorkerPlan plan) => new()
    {
        ["apiVersion"] = ResourceType.Secrets.ApiVersion,
        ["kind"] = ResourceType.Secrets.Kind,
        ["metadata"] = new JsonObject
        {
            ["name"] = Name,
            ["labels"] = Labels(),
            ["ownerReferences"] = new JsonArray(new JsonObject
            {
                ["apiVersion"] = ResourceType.Jobs.ApiVersion,
                ["kind"] = ResourceType.Jobs.Kind,
                ["name"] = Name,
                ["uid"] = uid,
            }),
        },
        ["type"] = "Opaque",
        ["data"] = new JsonObject(PlanFiles.Of(plan).Select(file =>
            KeyValuePair.Create(file.Name, (JsonNode?)Convert.ToBase64String(file.Bytes)))),
    };

    private JsonObject Labels()
    {
        var labels = new JsonObject { [Label] = Name };
        foreach (var (key, value) in owner.Labels)
        {
            labels[key] = value;
        }

        return labels;
    }
}
