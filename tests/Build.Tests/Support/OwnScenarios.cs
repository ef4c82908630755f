namespace FaultMatrix.Build.Tests.Support;

/// <summary>
/// A folder with scenarios of its own: a graph, two failures, a load of seconds; results lie there too. The load may be late by
/// seconds: what these tests look at is not its precision, and a busy machine must not make a row invalid.
/// </summary>
internal sealed class OwnScenarios : IDisposable
{
    public OwnScenarios()
    {
        File.Copy(Path.Combine(Repository.Root, "deployments", "agg.yaml"), Path.Combine(Folder, "graph.yaml"));
        File.WriteAllText(Path.Combine(Folder, "scenarios.json"), """
            {
              "deployments": { "own": { "manifest": "graph.yaml", "roles": ["frontend", "decode"] } },
              "failures": {
                "none": {},
                "decode_worker": { "kind": "killProcess", "target": "decode", "process": "dynamo.vllm", "signal": "SIGINT" },
                "missed": { "kind": "killProcess", "target": "decode", "process": "no such process", "signal": "SIGINT" }
              },
              "loads": {
                "short": { "clients": 2, "requestsPerClient": 20, "ratePerClient": 4, "timeout": 5, "maxSendLag": 5 },
                "middle": { "clients": 2, "requestsPerClient": 100, "ratePerClient": 4, "timeout": 5, "maxSendLag": 5 },
                "long": { "clients": 2, "requestsPerClient": 4000, "ratePerClient": 4, "timeout": 5, "maxSendLag": 5 }
              },
              "profiles": {
                "quick": { "load": "short", "after": 1, "environment": ENVIRONMENT, "services": SERVICES },
                "slow": { "load": "middle", "after": 1, "environment": ENVIRONMENT, "services": SERVICES },
                "endless": { "load": "long", "after": 1, "environment": ENVIRONMENT, "services": SERVICES }
              },
              "matrix": [ { "deployments": ["own"], "failures": ["none", "decode_worker"] } ]
            }
            """.Replace(
                "ENVIRONMENT",
                """{ "STANDIN_ENGINE_START_SECONDS": "0.5", "STANDIN_FRONTEND_START_SECONDS": "0.1", "STANDIN_PREFILL_MS": "5", "STANDIN_TOKEN_MS": "0.2" }""",
                StringComparison.Ordinal
            ).Replace(
                "SERVICES",
                """
                {
                  "frontend": { "readinessProbe": { "httpGet": { "path": "/health", "port": 8000 }, "periodSeconds": 1, "timeoutSeconds": 5, "failureThreshold": 3 } },
                  "decode": {
                    "readinessProbe": { "httpGet": { "path": "/health", "port": 9090 }, "periodSeconds": 1, "timeoutSeconds": 5, "failureThreshold": 3 },
                    "startupProbe": { "httpGet": { "path": "/live", "port": 9090 }, "periodSeconds": 1, "timeoutSeconds": 5, "failureThreshold": 60 }
                  }
                }
                """, StringComparison.Ordinal));
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("faultmatrix-own-").FullName;

    public string ScenariosFile => Path.Combine(Folder, "scenarios.json");

    public string Results => Path.Combine(Folder, "results");

    /// <summary>The options by which a front runs these on a cluster, without its logo.</summary>
    public string[] On(LocalCluster cluster, string ns = LocalCluster.Namespace) =>
    [
        "--no-logo", "--kubeconfig", cluster.Kubeconfig, "--namespace", ns,
        "--scenarios-file", ScenariosFile, "--results", Results,
    ];

    /// <summary>The folders of the runs, oldest first.</summary>
    public IReadOnlyList<string> Runs =>
        Directory.Exists(Results) ? [.. Directory.GetDirectories(Results).Order(StringComparer.Ordinal)] : [];

    /// <summary>How many scenarios of all runs have begun to send requests.</summary>
    public int Loading => Runs.SelectMany(r => Directory.GetDirectories(r, "test_fault_scenario*"))
        .Count(s => File.Exists(Path.Combine(s, "client_0.log.txt")) && new FileInfo(Path.Combine(s, "client_0.log.txt")).Length > 0);

    /// <summary>How many loads of all runs have ended.</summary>
    public int Ended => Timelines.Count(text => text.Contains("\"event\":\"load.ended\"", StringComparison.Ordinal));

    /// <summary>How many scenarios of all runs have come to a state of a phase, by their timelines.</summary>
    public int Reached(string phase, string state) =>
        Timelines.Count(text =>
            text.Contains($"\"event\":\"phase\",\"phase\":\"{phase}\",\"state\":\"{state}\"", StringComparison.Ordinal));

    private IEnumerable<string> Timelines =>
        Runs.SelectMany(r => Directory.GetFiles(r, "timeline.jsonl", SearchOption.AllDirectories)).Select(ReadShared);

    public string TestLogs =>
        string.Join(
            '\n',
            Runs.SelectMany(r => Directory.GetFiles(r, "test.log.txt", SearchOption.AllDirectories)).Select(File.ReadAllText)
        );

    private static string ReadShared(string file)
    {
        using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        return reader.ReadToEnd();
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
