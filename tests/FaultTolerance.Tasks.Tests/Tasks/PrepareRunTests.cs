using System.Text.Json.Nodes;
using FaultTolerance.Artefacts.Events;
using FaultTolerance.Results;
using FaultTolerance.Results.Measures;
using FaultTolerance.Runs;
using FaultTolerance.Tasks;
using FaultTolerance.Tests.Cluster;
using FaultTolerance.Tests.Shapes;
using Microsoft.AspNetCore.Http;
using Microsoft.Build.Utilities;
using Task = System.Threading.Tasks.Task;

namespace FaultTolerance.Tests.Tasks;

public sealed class PrepareRunTests : IDisposable
{
    private readonly string _results = Directory.CreateTempSubdirectory("faultmatrix-").FullName;

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public void Run_of_another_version_of_the_definitions_is_not_gone_on_with(bool isNew, bool goesOn)
    {
        Make("older", DefinitionsVersion.Current - 1);
        var engine = new RecordingEngine();
        using var task = new PrepareRun { BuildEngine = engine, Results = _results, Run = "older", New = isNew, Continue = goesOn };

        Assert.False(task.Execute());
        var line = Assert.Single(engine.Lines);
        Assert.Contains("FT0815", line, StringComparison.Ordinal);
        Assert.Contains($"version {DefinitionsVersion.Current - 1}", line, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_of_this_version_is_gone_on_with()
    {
        Make("mine", DefinitionsVersion.Current);
        using var task = new PrepareRun { BuildEngine = new RecordingEngine(), Results = _results, Run = "mine" };

        Assert.True(task.Execute());
        Assert.Equal(Path.Combine(_results, "mine"), task.RunFolder);
    }

    [Theory]
    [InlineData("kind", "FT0323", "graph.yaml:3: the cluster does not serve ComputeDomain (resource.nvidia.com/v1beta1)")]
    [InlineData("right", "FT0311", "create configmaps")]
    [InlineData("nodes", "FT0324",
        "decode has 2 nodes a replica, which needs Grove (not served by the cluster) or LeaderWorkerSet (not served)")]
    public async Task What_the_cluster_cannot_make_ends_the_run_before_anything_is_made(string lacks, string code, string words)
    {
        await using var api = await FakeApi.StartAsync();
        api.Handle = http => AnswerAsync(http, lacks);
        var engine = new RecordingEngine();
        File.WriteAllText(
            Path.Combine(_results, "graph.yaml"),
            ManifestShapes.Yaml(lacks == "nodes" ? "vllm-multinode" : "vllm-agg", "v1beta1") + (lacks switch
            {
                "kind" =>
                    "\n---\n{\"apiVersion\":\"resource.nvidia.com/v1beta1\",\"kind\":\"ComputeDomain\",\"metadata\":{\"name\":\"d\"}}\n",
                "right" => "\n---\n{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"c\"}}\n",
                _ => "\n",
            }));
        File.WriteAllText(Path.Combine(_results, "s.json"), """
            {
              "deployments": { "mine": { "manifest": "graph.yaml" } },
              "failures": { "none": {} },
              "loads": { "l": {} },
              "profiles": { "quick": { "load": "l" } },
              "matrix": [ { "deployments": ["mine"], "failures": ["none"] } ]
            }
            """);
        using var task = new PrepareRun
        {
            BuildEngine = engine,
            Results = Path.Combine(_results, "runs"),
            ScenariosFile = Path.Combine(_results, "s.json"),
            Scenario = [new TaskItem("mine-none")],
            Kubeconfig = api.Kubeconfig,
            New = true,
        };

        Assert.False(await Task.Run(task.Execute, TestContext.Current.CancellationToken));

        var line = Assert.Single(engine.Lines);
        Assert.StartsWith($"error {code}", line, StringComparison.Ordinal);
        Assert.Contains(words, line, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_results, "runs")));
        Assert.All(api.Requests, request => Assert.True(
            request.StartsWith("GET ", StringComparison.Ordinal) || request.EndsWith("/selfsubjectaccessreviews", StringComparison.Ordinal),
                request));
    }

    [Fact]
    public void Description_of_a_run_says_what_made_the_pods_of_each_row()
    {
        Make("mine", DefinitionsVersion.Current);
        var folder = ScenarioFolder.In(Path.Combine(_results, "mine"), "agg-tp-1-dp-1-none");
        Directory.CreateDirectory(folder.Path);
        var clock = RunClock.Start(TimeProvider.System);
        using (var timeline = new TimelineWriter(folder.Timeline, clock))
        {
            timeline.Write(new DeploymentReady("ft-1", "grove"));
        }

        RunFiles.NoteProviders(Path.Combine(_results, "mine"),
            RunParser.Parse(Path.Combine(_results, "mine"), cancellation: TestContext.Current.CancellationToken));

        var told = JsonNode.Parse(File.ReadAllText(Path.Combine(_results, "mine", "run.json")))!["workloadProviders"]!;
        Assert.Equal("""{"agg-tp-1-dp-1-none":"grove"}""", told.ToJsonString());
    }

    public void Dispose() => Directory.Delete(_results, recursive: true);

    private static async Task<bool> AnswerAsync(HttpContext http, string lacks)
    {
        switch (http.Request.Path.Value)
        {
            case "/apis/nvidia.com":
                return await FakeApi.JsonAsync(
                    http, """{"kind":"APIGroup","name":"nvidia.com","versions":[{"groupVersion":"nvidia.com/v1beta1","version":"v1beta1"}]}""");
            case "/api/v1":
                return await FakeApi.JsonAsync(
                    http,
                    """{"kind":"APIResourceList","groupVersion":"v1","resources":[{"name":"configmaps","kind":"ConfigMap","namespaced":true,"verbs":[]}]}""");
            case "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews":
                using (var reader = new StreamReader(http.Request.Body))
                {
                    var asked = (await reader.ReadToEndAsync(http.RequestAborted)).Replace(" ", "", StringComparison.Ordinal);
                    var allowed = lacks != "right"
                        || !(asked.Contains("\"create\"", StringComparison.Ordinal) && asked
                            .Contains("\"configmaps\"", StringComparison.Ordinal));
                    return await FakeApi.JsonAsync(http, $$$"""{"status":{"allowed":{{{(allowed ? "true" : "false")}}} }}""", 201);
                }

            default:
                return false;
        }
    }

    private void Make(string id, int definitions) => RunFolder.Create(_results, new RunManifest
    {
        Id = id,
        Anchor = RunClock.Start(TimeProvider.System).Anchor,
        TimestampFrequency = TimeProvider.System.TimestampFrequency,
        BootId = RunFolder.CurrentBootId(),
        Profile = "quick",
        Scenarios = ["agg-tp-1-dp-1-none"],
        Seed = 1,
        Namespace = "n",
        Definitions = definitions,
    });
}
