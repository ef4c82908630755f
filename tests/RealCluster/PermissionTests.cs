using System.Text.Json.Nodes;
using FaultTolerance.Cluster;
using FaultTolerance.Faults;
using RealCluster.Support;

namespace RealCluster;

/// <summary>The Role of deploy/rbac.yaml is enough, and each right of it is needed.</summary>
public sealed class PermissionTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [RealClusterFact]
    public async Task FaultMatrix_without_a_right_names_it_and_deploys_nothing()
    {
        await using var space = await TestNamespace.CreateAsync(standIn: true);
        await space.ApplyAsync("rbac.yaml", body => Remove(body, new Permission("create", "", "pods", "exec")));
        var kubeconfig = await space.ServiceAccountKubeconfigAsync();

        var (code, output) = await BuildScript.RunAsync([
            "FaultMatrix",
            "--kubeconfig",
            kubeconfig,
            "--namespace",
            space.Name,
            "--scenario",
            "agg-tp-1-dp-1-decode_worker",
        ]);

        Assert.Equal(3, code);
        Assert.Contains("FT0311", output, StringComparison.Ordinal);
        Assert.Contains("create pods/exec", output, StringComparison.Ordinal);
        Assert.Contains(space.Name, output, StringComparison.Ordinal);
        Assert.DoesNotContain("Deploy started", output, StringComparison.Ordinal);
        await space.AssertNothingLeftAsync();
    }

    [RealClusterFact]
    public async Task RequireAsync_with_each_verb_missing_names_verb_resource_and_namespace()
    {
        await using var space = await TestNamespace.CreateAsync();
        await space.ApplyAsync("rbac.yaml");
        using var session = await TestNamespace.ConnectAsync(space.Name, await space.ServiceAccountKubeconfigAsync());
        Permission[] needed =
        [
            .. Permission
                .ForRuns.Concat(FaultKinds.Standard.Permissions)
                .Concat(Permission.ToDeploy(ResourceType.DynamoGraphDeployments("v1alpha1")))
                .Distinct(),
        ];
        var whole = (await space.Admin.FindAsync<JsonObject>(ResourceType.Roles, "fault-matrix", Cancellation))!;
        await UntilAsync(session, needed, null);

        foreach (var missing in needed)
        {
            var role = (await space.Admin.FindAsync<JsonObject>(ResourceType.Roles, "fault-matrix", Cancellation))!;
            role["rules"] = whole["rules"]!.DeepClone();
            Remove(role, missing);
            await space.Admin.ReplaceAsync(ResourceType.Roles, role, Cancellation);

            var message = await UntilAsync(session, needed, missing);

            Assert.Contains($": {missing};", message, StringComparison.Ordinal);
            Assert.Contains($"'{space.Name}'", message, StringComparison.Ordinal);
        }
    }

    // The authorizer follows Roles by a watch of its own: what it says is looked at until it has caught up.
    private static async Task<string> UntilAsync(ClusterSession session, Permission[] needed, Permission? missing)
    {
        while (true)
        {
            var said = "";
            try
            {
                await session.RequireAsync(needed, Cancellation);
            }
            catch (ClusterException e) when (e.Code == "FT0311")
            {
                said = e.Message;
            }

            if (missing is null ? said.Length == 0 : said.Contains($": {missing};", StringComparison.Ordinal))
            {
                return said;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), Cancellation);
        }
    }

    private static void Remove(JsonObject role, Permission permission)
    {
        if (role["rules"] is not JsonArray rules)
        {
            return;
        }

        var resource = permission.Subresource.Length == 0 ? permission.Resource : $"{permission.Resource}/{permission.Subresource}";
        foreach (var rule in rules.OfType<JsonObject>().ToList())
        {
            var resources = rule["resources"]!.AsArray().Select(r => r!.GetValue<string>()).ToList();
            if (!resources.Contains(resource) || rule["apiGroups"]![0]!.GetValue<string>() != permission.Group)
            {
                continue;
            }

            // The rule's other resources keep the verb.
            var others = rule.DeepClone().AsObject();
            others["resources"] = new JsonArray([.. resources.Where(r => r != resource).Select(r => (JsonNode)r)]);
            if (resources.Count > 1)
            {
                rules.Add((JsonNode)others);
            }

            rule["resources"] = new JsonArray(resource);
            rule["verbs"] = new JsonArray([
                .. rule["verbs"]!.AsArray().Select(v => v!.GetValue<string>()).Where(v => v != permission.Verb).Select(v => (JsonNode)v),
            ]);
            if (rule["verbs"]!.AsArray().Count == 0)
            {
                rules.Remove(rule);
            }
        }
    }
}
