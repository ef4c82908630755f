using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EndToEnd;

/// <summary>A plain graph of one service that nobody here wrote the engine of (Foreign/server.py), with scenarios of its own.</summary>
internal static class ForeignGraph
{
    /// <summary>The interpreter that runs the server, or null: tests of it are then skipped by name.</summary>
    public static string? Python { get; } = FindPython();

    /// <summary>Writes manifest and scenarios into a folder.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="load">The load, as scenarios.json has it.</param>
    /// <param name="replicas">Pods.</param>
    /// <param name="environment">The server's variables.</param>
    /// <returns>The scenarios file; its one row is <c>foreign-none</c>.</returns>
    public static string Write(TempFolder folder, string load, int replicas = 1, params (string Name, string Value)[] environment)
    {
        Assert.SkipWhen(Python is null, "there is no python3 on PATH");
        folder.Write("server.py", File.ReadAllText(Path.Combine(Repository.Root, "tests", "EndToEnd", "Foreign", "server.py")));
        var labels = new JsonObject { ["faultmatrix.dev/graph"] = "foreign", ["faultmatrix.dev/role"] = "frontend" };
        var variables = new JsonArray(
            JsonNode.Parse("""{ "name": "POD_IP", "valueFrom": { "fieldRef": { "fieldPath": "status.podIP" } } }"""));
        foreach (var (name, value) in environment)
        {
            variables.Add((JsonNode)new JsonObject { ["name"] = name, ["value"] = value });
        }

        var container = new JsonObject
        {
            ["name"] = "main",
            ["image"] = "faultmatrix/stand-in:1",
            ["command"] = new JsonArray(Python, "-u", folder["server.py"]),
            ["ports"] = new JsonArray(JsonNode.Parse("""{ "name": "http", "containerPort": 8000 }""")),
            ["env"] = variables,
            ["readinessProbe"] = JsonNode.Parse("""{ "httpGet": { "path": "/health", "port": 8000 }, "periodSeconds": 1 }"""),
        };
        var manifest = new JsonObject
        {
            ["apiVersion"] = "apps/v1",
            ["kind"] = "Deployment",
            ["metadata"] = new JsonObject { ["name"] = "foreign-server", ["labels"] = labels.DeepClone() },
            ["spec"] = new JsonObject
            {
                ["replicas"] = replicas,
                ["selector"] = new JsonObject { ["matchLabels"] = labels.DeepClone() },
                ["template"] = new JsonObject
                {
                    ["metadata"] = new JsonObject { ["labels"] = labels.DeepClone() },
                    ["spec"] = new JsonObject { ["containers"] = new JsonArray(container) },
                },
            },
        };
        folder.Write("foreign.yaml", manifest.ToJsonString(new JsonSerializerOptions { WriteIndented = true }));
        return folder.Write("scenarios.json", $$"""
            {
              "defaultProfile": "own",
              "deployments": { "foreign": { "manifest": "foreign.yaml", "roles": ["frontend"] } },
              "failures": { "none": {} },
              "loads": { "own": {{load}} },
              "profiles": { "own": { "load": "own", "after": 1 } },
              "matrix": [ { "deployments": ["*"], "failures": ["*"] } ]
            }
            """);
    }

    private static string? FindPython()
    {
        try
        {
            using var asked = Process.Start(
                new ProcessStartInfo("python3", ["-c", "import sys; print(sys.executable)"]) { UseShellExecute = false, RedirectStandardOutput = true })!;
            return asked.StandardOutput.ReadToEnd().Trim() is { Length: > 0 } path && File.Exists(path) ? path : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
