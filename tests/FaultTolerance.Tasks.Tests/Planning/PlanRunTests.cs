using System.Text.RegularExpressions;
using FaultTolerance.Tasks;
using FaultTolerance.Tests.Cluster;
using FaultTolerance.Tests.Scenarios;
using Microsoft.AspNetCore.Http;
using FaultTolerance.Tests.Tasks;

namespace FaultTolerance.Tests.Planning;

public sealed class PlanRunTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);
    private static readonly string[] Selected =
    [
        "agg-tp-1-dp-2-decode_worker_pod",
        "disagg-tp-1-dp-1-vllm_prefill_engine_core",
        "agg-tp-1-dp-1-none",
    ];

    [Fact]
    public async Task Plan_of_a_cluster_makes_only_reads_and_access_reviews()
    {
        await using var api = await FakeApi.StartAsync();
        api.Handle = http => AnswerAsync(http, allowed: _ => true);
        using var task = Task(api);
        Assert.True(await ExecuteAsync(task), string.Join('\n', ((RecordingEngine)task.BuildEngine).Lines));

        Assert.Contains(api.Requests, r => r.Contains("selfsubjectaccessreviews", StringComparison.Ordinal));
        Assert.All(api.Requests, r =>
            Assert.True(
                r.StartsWith("GET ", StringComparison.Ordinal) || r == "POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
                r
            )
        );
        Assert.Contains(Texts(task), t =>
            t.StartsWith("Permissions in namespace 'ft' of http://127.0.0.1", StringComparison.Ordinal)
            && t.EndsWith("all granted", StringComparison.Ordinal)
        );
        Assert.Contains("  dynamographdeployments.nvidia.com: get, list, watch, create, delete", Texts(task));
    }

    [Fact]
    public async Task Plan_names_the_permissions_that_are_missing()
    {
        await using var api = await FakeApi.StartAsync();
        api.Handle = http => AnswerAsync(http, allowed: review => !review.Contains("\"exec\"", StringComparison.Ordinal));
        using var task = Task(api);
        Assert.True(await ExecuteAsync(task));

        Assert.Contains("  pods/exec: create, get   MISSING: create, get", Texts(task));
        Assert.Contains(((RecordingEngine)task.BuildEngine).Lines, l => l.StartsWith("warning FT0311", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Plan_without_a_cluster_says_what_would_be_created_and_hit()
    {
        using var task = Task(null);
        Assert.True(await ExecuteAsync(task), string.Join('\n', ((RecordingEngine)task.BuildEngine).Lines));

        // The matrix's order, not that of the names.
        Assert.Equal(
            [
                "agg-tp-1-dp-1-none: about N s, R requests of C clients",
                "  creates DynamoGraphDeployment ft-agg11-GRAPH",
                "    name ft-agg11-GRAPH instead of vllm-agg; labels of run and row on the graph and its pods (a row's graph is its own)",
                "    Dynamo namespace ft-agg11-GRAPH instead of vllm-agg (a row's graph is its own)",
                "    variables of the profile (environment of the profile)",
                "    probes of Frontend (services of the profile)",
                "    probes of VllmDecodeWorker (services of the profile)",
                "  no fault: a baseline",
                "agg-tp-1-dp-2-decode_worker_pod: about N s, R requests of C clients",
                "  creates DynamoGraphDeployment ft-agg12-GRAPH",
                "    name ft-agg12-GRAPH instead of vllm-agg; labels of run and row on the graph and its pods (a row's graph is its own)",
                "    Dynamo namespace ft-agg12-GRAPH instead of vllm-agg (a row's graph is its own)",
                "    variables of the profile (environment of the profile)",
                "    Frontend: 2 replicas instead of 1 (replicas)",
                "    probes of Frontend (services of the profile)",
                "    VllmDecodeWorker: 2 replicas instead of 1 (replicas)",
                "    probes of VllmDecodeWorker (services of the profile)",
                "  N s after the first request: deletes the first of 2 pods of VllmDecodeWorker",
                "    would hit pod 1 of 2 expected of VllmDecodeWorker; a plan without a cluster names none",
                "    needs delete pods",
                "disagg-tp-1-dp-1-vllm_prefill_engine_core: about N s, R requests of C clients",
                "  creates DynamoGraphDeployment ft-disagg11-GRAPH",
                "    name ft-disagg11-GRAPH instead of vllm-disagg; labels of run and row on the graph and its pods (a row's graph is its own)",
                "    Dynamo namespace ft-disagg11-GRAPH instead of vllm-disagg (a row's graph is its own)",
                "    variables of the profile (environment of the profile)",
                "    probes of Frontend (services of the profile)",
                "    probes of VllmDecodeWorker (services of the profile)",
                "    probes of VllmPrefillWorker (services of the profile)",
                "  N s after the first request: SIGKILL to 'VLLM::EngineCore' in the pod of VllmPrefillWorker",
                "    would hit pod 1 of 1 expected of VllmPrefillWorker; a plan without a cluster names none",
                "    needs create pods/exec, get pods/exec",
            ],
            Texts(task).Select(Masked));
        var fault = task.Lines.Last(line => line.GetMetadata("Kind") == "Fault");
        Assert.Equal("VllmPrefillWorker", fault.GetMetadata("Service"));
        Assert.Equal("SIGKILL VLLM::EngineCore", fault.GetMetadata("Short"));
    }

    [Fact]
    public async Task Plan_of_a_run_that_goes_on_is_its_own_plan_and_not_the_scenarios_file()
    {
        using var results = new MadeRun("20260101-000000-aaaa", "agg-tp-1-dp-1-none", "agg-tp-1-dp-1-frontend");
        using var task = Task(null);
        (task.ScenariosFile, task.LoadProfile) = ("/nowhere/scenarios.json", "");
        (task.Continue, task.Results, task.Scenario) = (true, results.Folder, ["agg-tp-1-dp-1-frontend"]);

        Assert.True(await ExecuteAsync(task), string.Join('\n', ((RecordingEngine)task.BuildEngine).Lines));

        Assert.StartsWith("agg-tp-1-dp-1-frontend: about ", Texts(task)[0], StringComparison.Ordinal);
        Assert.Single(Texts(task), text => text.Contains(": about ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Plan_where_no_run_is_there_to_go_on_with_is_of_the_file()
    {
        using var task = Task(null);
        (task.Continue, task.Results) = (true, "/nowhere/results");

        Assert.True(await ExecuteAsync(task), string.Join('\n', ((RecordingEngine)task.BuildEngine).Lines));

        Assert.Equal(3, Texts(task).Count(text => text.Contains(": about ", StringComparison.Ordinal)));
    }

    // Numbers of the profile are the profile's own business.
    private static string Masked(string line)
    {
        line = Regex.Replace(
            line,
            @"about \d+ s, \d+ requests of \d+ clients",
            "about N s, R requests of C clients",
            RegexOptions.None,
            Limit
        );
        line = Regex.Replace(line, @"variables STANDIN_[\w, ]+ \(", "variables of the profile (", RegexOptions.None, Limit);
        line = Regex.Replace(
            line, @"spec\.services\.(?<service>\w+)\.\w+Probe[\w., ]* \(", "probes of ${service} (", RegexOptions.None, Limit);
        line = Regex.Replace(line, @"^  [\d.]+ s after", "  N s after", RegexOptions.None, Limit);
        return Regex.Replace(line, @"(?<graph>ft-\w+-)[\w-]+", "${graph}GRAPH", RegexOptions.None, Limit);
    }

    private static PlanRun Task(FakeApi? api) => new()
    {
        BuildEngine = new RecordingEngine(),
        ScenariosFile = RepositoryFiles.Scenarios,
        LoadProfile = "quick",
        Scenario = Selected,
        Kubeconfig = api?.Kubeconfig ?? "",
        ReadsCluster = api is not null,
    };

    private static Task<bool> ExecuteAsync(PlanRun task) =>
        System.Threading.Tasks.Task.Run(task.Execute, TestContext.Current.CancellationToken);

    private static IReadOnlyList<string> Texts(PlanRun task) => [.. task.Lines.Select(l => l.GetMetadata("Text"))];

    private static async Task<bool> AnswerAsync(HttpContext http, Func<string, bool> allowed)
    {
        if (http.Request.Path == "/apis/nvidia.com")
        {
            return await FakeApi.JsonAsync(
                http,
                """{"kind":"APIGroup","name":"nvidia.com","versions":[{"groupVersion":"nvidia.com/v1alpha1","version":"v1alpha1"}],"preferredVersion":{"groupVersion":"nvidia.com/v1alpha1","version":"v1alpha1"}}"""
            );
        }

        if (http.Request.Path == "/api/v1/namespaces/ft/pods")
        {
            return await FakeApi.JsonAsync(http, """{"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"1"},"items":[]}""");
        }

        if (http.Request.Path != "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews")
        {
            return false;
        }

        using var reader = new StreamReader(http.Request.Body);
        var review = await reader.ReadToEndAsync(http.RequestAborted);
        return await FakeApi.JsonAsync(http, $$$"""{"status":{"allowed":{{{(allowed(review) ? "true" : "false")}}} }}""", 201);
    }
}
