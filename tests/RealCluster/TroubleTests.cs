using System.Text.Json.Nodes;
using FaultTolerance.Cluster;
using FaultTolerance.Cluster.Observation;
using FaultTolerance.Graphs;
using RealCluster.Support;

namespace RealCluster;

/// <summary>What goes wrong in real clusters is said in one line, with the object's own events.</summary>
public sealed class TroubleTests
{
    private const string Row = "plain-agg-none";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [RealClusterFact]
    public async Task Deploy_with_an_image_that_cannot_be_pulled_says_so()
    {
        await using var space = await TestNamespace.CreateAsync();

        var error = await FailsAsync(space, "--image", "faultmatrix/no-such-image:1");

        Assert.Contains("FT0402", error, StringComparison.Ordinal);
        Assert.Matches("ErrImagePull|ImagePullBackOff", error);
        Assert.Contains("no-such-image", error, StringComparison.Ordinal);
    }

    [RealClusterFact]
    public async Task Deploy_of_pods_that_no_node_takes_says_why()
    {
        await using var space = await TestNamespace.CreateAsync();
        await space.Admin.CreateAsync(new ResourceType("", "v1", "limitranges", "LimitRange"), Body("v1", "LimitRange", "too-much", """
            { "limits": [ { "type": "Container", "defaultRequest": { "cpu": "1000" }, "default": { "cpu": "1000" } } ] }
            """), Cancellation);

        var error = await FailsAsync(space);

        Assert.Contains("FT0402", error, StringComparison.Ordinal);
        Assert.Contains("Insufficient cpu", error, StringComparison.Ordinal);
    }

    [RealClusterFact]
    public async Task Deploy_beyond_the_quota_says_so()
    {
        await using var space = await TestNamespace.CreateAsync();
        var quota = new ResourceType("", "v1", "resourcequotas", "ResourceQuota");
        await space.Admin.CreateAsync(quota, Body("v1", "ResourceQuota", "one-pod", """{ "hard": { "pods": "1" } }"""), Cancellation);
        while ((await space.Admin.FindAsync<JsonObject>(quota, "one-pod", Cancellation))?["status"]?["hard"] is null)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), Cancellation);
        }

        var error = await FailsAsync(space);

        Assert.Contains("FT0402", error, StringComparison.Ordinal);
        Assert.Contains("exceeded quota: one-pod", error, StringComparison.Ordinal);
    }

    [RealClusterFact]
    public async Task Deploy_that_admission_refuses_repeats_the_refusal()
    {
        await using var space = await TestNamespace.CreateAsync();
        var quota = new ResourceType("", "v1", "resourcequotas", "ResourceQuota");
        await space.Admin.CreateAsync(
            quota,
            Body("v1", "ResourceQuota", "no-deployments", """{ "hard": { "count/deployments.apps": "0" } }"""),
            Cancellation
        );
        while ((await space.Admin.FindAsync<JsonObject>(quota, "no-deployments", Cancellation))?["status"]?["hard"] is null)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), Cancellation);
        }

        var error = await FailsAsync(space);

        Assert.Contains("FT0404", error, StringComparison.Ordinal);
        Assert.Contains("exceeded quota: no-deployments", error, StringComparison.Ordinal);
    }

    [RealClusterFact]
    public async Task Deploy_that_a_webhook_refuses_repeats_what_it_says()
    {
        await using var space = await TestNamespace.CreateAsync();
        await using var webhook = RefusingWebhook.Start();
        const string Hooks = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations";
        await TestNamespace.SendAsync(
            space.Admin,
            "create",
            HttpMethod.Post,
            Hooks,
            JsonNode.Parse(
                $$"""
                { "apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingWebhookConfiguration", "metadata": { "name": "{{space.Name}}" },
                  "webhooks": [ { "name": "refuse.example.com", "sideEffects": "None", "admissionReviewVersions": ["v1"], "failurePolicy": "Fail",
                    "clientConfig": { "url": "{{webhook.Url}}", "caBundle": "{{webhook.Authority}}" },
                    "namespaceSelector": { "matchLabels": { "test": "{{space.Name}}" } },
                    "rules": [ { "apiGroups": ["apps"], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["deployments"] } ] } ] }
                """
            )
        );
        try
        {
            await space.LabelAsync("test", space.Name);
            await space.UntilRefusedAsync(ResourceType.Deployments);

            var error = await FailsAsync(space);

            Assert.Contains("FT0404", error, StringComparison.Ordinal);
            Assert.Contains(RefusingWebhook.Reason, error, StringComparison.Ordinal);
        }
        finally
        {
            await TestNamespace.SendAsync(space.Admin, "delete", HttpMethod.Delete, $"{Hooks}/{space.Name}", null);
        }
    }

    [RealClusterFact]
    public async Task Teardown_of_a_pod_that_somebody_holds_names_pod_and_finalizer()
    {
        await using var space = await TestNamespace.CreateAsync();
        var (deployed, said) = await RunAsync(space, "Deploy", "--scenario", Row);
        Assert.True(deployed == 0, said);
        var selector = new Selector(Label: $"{GraphLabels.ManagedBy}={GraphLabels.ManagedByValue}");
        var pod = (await space.Admin.ListAsync<JsonObject>(ResourceType.Pods, selector, Cancellation))[0]["metadata"]![
            "name"
        ]!.GetValue<string>();
        await PatchFinalizersAsync(space, pod, "example.com/held");
        try
        {
            var (code, output) = await RunAsync(space, "Teardown", "--scenario", Row, "--teardown-timeout", "3");

            Assert.NotEqual(0, code);
            Assert.Contains("FT0405", output, StringComparison.Ordinal);
            Assert.Contains(pod, output, StringComparison.Ordinal);
            Assert.Contains("finalizers", output, StringComparison.Ordinal);
        }
        finally
        {
            await PatchFinalizersAsync(space, pod, null);
        }

        var (again, last) = await RunAsync(space, "Teardown");
        Assert.True(again == 0, last);
    }

    /// <summary>Runs the row, asserts that it fails in one line and leaves nothing, and returns that line.</summary>
    private static async Task<string> FailsAsync(TestNamespace space, params string[] more)
    {
        var (code, output) = await RunAsync(space, ["FaultMatrix", "--scenario", Row, "--ready-timeout", "8", .. more]);
        Assert.True(code == 1, output);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
        await space.AssertNothingLeftAsync();
        return output.Split('\n').First(line => line.Contains("[ERR]", StringComparison.Ordinal));
    }

    private static Task<(int ExitCode, string Output)> RunAsync(TestNamespace space, params string[] words) =>
        BuildScript.RunAsync([.. words, "--kubeconfig", RealClusterFactAttribute.Kubeconfig!, "--namespace", space.Name]);

    private static async Task PatchFinalizersAsync(TestNamespace space, string pod, string? finalizer)
    {
        try
        {
            var finalizers = finalizer is null ? null : (JsonNode)new JsonArray(finalizer);
            await space.Admin.PatchAsync(
                ResourceType.Pods,
                pod,
                new JsonObject { ["metadata"] = new JsonObject { ["finalizers"] = finalizers } },
                Cancellation
            );
        }
        catch (ClusterException e) when (finalizer is null && e.Status == System.Net.HttpStatusCode.NotFound)
        {
            // It has gone by itself.
        }
    }

    private static JsonObject Body(string version, string kind, string name, string spec) => new()
    {
        ["apiVersion"] = version,
        ["kind"] = kind,
        ["metadata"] = new JsonObject { ["name"] = name },
        ["spec"] = JsonNode.Parse(spec),
    };
}
