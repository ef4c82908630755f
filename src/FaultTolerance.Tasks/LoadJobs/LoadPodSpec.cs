using System.Text.Json.Nodes;
using FaultTolerance.Graphs;

namespace FaultTolerance.LoadJobs;

/// <summary>What a load's pod is: the tool's worker, with the plan mounted and a folder to write to, and no rights at all.</summary>
internal static class LoadPodSpec
{
    private const string PlanFolder = "/faultmatrix/plan";
    private const string WorkFolder = "/faultmatrix/work";
    private const int User = 65532;

    // 0440.
    private const int ReadByGroup = 0x120;

    /// <summary>The spec.</summary>
    /// <param name="job">The Job's name, which is its Secret's and its pods' label.</param>
    /// <param name="toolImage">The tool's image.</param>
    /// <param name="owner">The row that it belongs to.</param>
    public static JsonObject Of(string job, string toolImage, GraphOwner owner) => new()
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
                    Apart(100, Match(LoadJob.Label, "DoesNotExist"), Match(GraphLabels.Run, "In", GraphLabels.Value(owner.RunId))),
                    Apart(10, Match(LoadJob.Label, "In", job))),
            },
        },
        ["containers"] = new JsonArray(new JsonObject
        {
            ["name"] = "load",
            ["image"] = toolImage,
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
            new JsonObject { ["name"] = "plan", ["secret"] = new JsonObject { ["secretName"] = job, ["defaultMode"] = ReadByGroup } },
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
