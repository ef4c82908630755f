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
internal sealed record LoadJob(GraphOwner owner, string image, int pods, TimeSpan deadline)
{
    /// <summary>The label of its pods; its value is the Job's name.</summary>
    public const string Label = "faultmatrix.dev/load";

    /// <summary>The annotation and, from Kubernetes 1.28 on, label of a pod's index.</summary>
    public const string Index = "batch.kubernetes.io/job-completion-index";

    /// <summary>The tool's image, where the load names none.</summary>
    public const string DefaultImage = "faultmatrix/tool:1";

    private const string PlanFolder = "/faultmatrix/plan";
    private const string WorkFolder = "/faultmatrix/work";
    private const int User = 65532;
    private const int Expires = 60;

    // What Kubernetes takes in a Secret.
    private const int MostPlanBytes = 1 << 20;

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
            ["template"] = new JsonObject { ["metadata"] = new JsonObject { ["labels"] = Labels() }, ["spec"] = Pod() },
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
        ["data"] = new JsonObject(Data(plan).Select(file =>
            KeyValuePair.Create(file.Name, (JsonNode?)Convert.ToBase64String(file.Bytes)))),
    };

    /// <summary>The files of a plan.</summary>
    /// <exception cref="FaultMatrixException">FT0522: they are too large for a Secret; FT0240: one cannot be read.</exception>
    public static IReadOnlyList<(string Name, byte[] Bytes)> Data(WorkerPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var files = new List<(string Name, byte[] Bytes)> { (WorkerPlan.FileName, plan.ToJson()) };
        foreach (var (name, file) in plan.Files)
        {
            try
            {
                files.Add((name, File.ReadAllBytes(file.Path)));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new FaultMatrixException("FT0240", $"'{file.Path}' cannot be read: {e.Message}", e) { File = file.Path };
            }
        }

        var bytes = files.Sum(file => (long)file.Bytes.Length);
        return bytes <= MostPlanBytes ? files : throw new FaultMatrixException(
            "FT0522",
            $"load '{plan.Load.Name}' cannot come from the cluster: its plan and files are {bytes} bytes, and a Secret holds {MostPlanBytes}");
    }

    private JsonObject Labels()
    {
        var labels = new JsonObject { [Label] = Name };
        foreach (var (key, value) in owner.Labels)
        {
            labels[key] = value;
        }

        return labels;
    }

    private JsonObject Pod() => new()
    {
        ["restartPolicy"] = "Never",
        ["automountServiceAccountToken"] = false,
        ["enableServiceLinks"] = false,
        ["terminationGracePeriodSeconds"] = 5,
        ["securityContext"] = new JsonObject
        {
            ["runAsNonRoot"] = true,
            ["runAsUser"] = User,
            ["runAsGroup"] = User,
            ["fsGroup"] = User,
            ["seccompProfile"] = new JsonObject { ["type"] = "RuntimeDefault" },
        },
        ["affinity"] = new JsonObject
        {
            ["podAntiAffinity"] = new JsonObject
            {
                ["preferredDuringSchedulingIgnoredDuringExecution"] = new JsonArray(
                    Apart(100, Match(Label, "DoesNotExist"), Match(GraphLabels.Run, "In", GraphLabels.Value(owner.RunId))),
                    Apart(10, Match(Label, "In", Name))),
            },
        },
        ["containers"] = new JsonArray(new JsonObject
        {
            ["name"] = "load",
            ["image"] = image,
            ["imagePullPolicy"] = "IfNotPresent",
            ["command"] = new JsonArray("faultmatrix-load", PlanFolder, WorkFolder),
            ["env"] = new JsonArray(
                new JsonObject
                {
                    ["name"] = "POD_IP",
                    ["valueFrom"] = new JsonObject { ["fieldRef"] = new JsonObject { ["fieldPath"] = "status.podIP" } },
                },
                new JsonObject { ["name"] = "TMPDIR", ["value"] = WorkFolder },
                new JsonObject { ["name"] = "DOTNET_EnableDiagnostics", ["value"] = "0" }),
            ["securityContext"] = new JsonObject
            {
                ["allowPrivilegeEscalation"] = false,
                ["readOnlyRootFilesystem"] = true,
                ["capabilities"] = new JsonObject { ["drop"] = new JsonArray("ALL") },
            },
            ["volumeMounts"] = new JsonArray(
                new JsonObject { ["name"] = "plan", ["mountPath"] = PlanFolder, ["readOnly"] = true },
                new JsonObject { ["name"] = "work", ["mountPath"] = WorkFolder }),
        }),
        ["volumes"] = new JsonArray(
            new JsonObject { ["name"] = "plan", ["secret"] = new JsonObject { ["secretName"] = Name, ["defaultMode"] = 0x120 } },
            new JsonObject { ["name"] = "work", ["emptyDir"] = new JsonObject() }),
    };

    private static JsonObject Apart(int weight, params JsonNode?[] expressions) => new()
    {
        ["weight"] = weight,
        ["podAffinityTerm"] = new JsonObject
        {
            ["topologyKey"] = "kubernetes.io/hostname",
            ["labelSelector"] = new JsonObject { ["matchExpressions"] = new JsonArray(expressions) },
        },
    };

    private static JsonObject Match(string key, string @operator, params string[] values)
    {
        var expression = new JsonObject { ["key"] = key, ["operator"] = @operator };
        if (values.Length > 0)
        {
            expression["values"] = new JsonArray([.. values.Select(value => (JsonNode?)value)]);
        }

        return expression;
    }
}
