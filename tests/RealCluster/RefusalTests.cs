using System.Text.Json.Nodes;
using FaultTolerance.Cluster;
using RealCluster.Support;

namespace RealCluster;

/// <summary>What a real cluster refuses is said in one line, with the cluster's own words.</summary>
public sealed class RefusalTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [RealClusterFact]
    public async Task Deploy_beyond_the_quota_says_so()
    {
        await using var space = await TestNamespace.CreateAsync();
        await QuotaAsync(space, "one-pod", """{ "pods": "1" }""");

        var error = await TroubledRow.FailsAsync(space);

        Assert.Contains("FT0402", error, StringComparison.Ordinal);
        Assert.Contains("exceeded quota: one-pod", error, StringComparison.Ordinal);
    }

    [RealClusterFact]
    public async Task Deploy_that_admission_refuses_repeats_the_refusal()
    {
        await using var space = await TestNamespace.CreateAsync();
        await QuotaAsync(space, "no-deployments", """{ "count/deployments.apps": "0" }""");

        var error = await TroubledRow.FailsAsync(space);

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
                { "apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingWebhookConfiguration",
                  "metadata": { "name": "{{space.Name}}" },
                  "webhooks": [ { "name": "refuse.example.com", "sideEffects": "None", "admissionReviewVersions": ["v1"],
                    "failurePolicy": "Fail",
                    "clientConfig": { "url": "{{webhook.Url}}", "caBundle": "{{webhook.Authority}}" },
                    "namespaceSelector": { "matchLabels": { "test": "{{space.Name}}" } },
                    "rules": [ { "apiGroups": ["apps"], "apiVersions": ["v1"], "operations": ["CREATE"],
                      "resources": ["deployments"] } ] } ] }
                """
            )
        );
        try
        {
            await space.LabelAsync("test", space.Name);
            await space.UntilRefusedAsync(ResourceType.Deployments);

            var error = await TroubledRow.FailsAsync(space);

            Assert.Contains("FT0404", error, StringComparison.Ordinal);
            Assert.Contains(RefusingWebhook.Reason, error, StringComparison.Ordinal);
        }
        finally
        {
            await TestNamespace.SendAsync(space.Admin, "delete", HttpMethod.Delete, $"{Hooks}/{space.Name}", null);
        }
    }

    // Made, and counted by the cluster: until then it refuses nothing.
    private static async Task QuotaAsync(TestNamespace space, string name, string hard)
    {
        var quotas = new ResourceType("", "v1", "resourcequotas", "ResourceQuota");
        await space.Admin.CreateAsync(
            quotas, TroubledRow.Body("v1", "ResourceQuota", name, $$"""{ "hard": {{hard}} }"""), Cancellation);
        await Eventually.TrueAsync(
            async () => (await space.Admin.FindAsync<JsonObject>(quotas, name, Cancellation))?["status"]?["hard"] is not null,
            () => $"the cluster has not counted the quota {name}");
    }
}
