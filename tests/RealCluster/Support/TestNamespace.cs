using System.Security.Cryptography;
using System.Text.Json.Nodes;
using FaultTolerance.Cluster;
using FaultTolerance.Cluster.Api;
using FaultTolerance.Deployments;
using FaultTolerance.Deployments.Platform;

namespace RealCluster.Support;

/// <summary>A namespace of a test's own on the real cluster; it goes with everything in it.</summary>
internal sealed class TestNamespace : IAsyncDisposable
{
    private readonly List<string> _files = [];

    private TestNamespace(ClusterSession admin, string name) => (Admin, Name) = (admin, name);

    /// <summary>A session there with the rights of the kubeconfig.</summary>
    public ClusterSession Admin { get; }

    /// <summary>Its name.</summary>
    public string Name { get; }

    public static string Manifests => Path.Combine(Repository.Root, "deploy", "stand-in");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Makes one, with the stand-in in it where it is asked for.</summary>
    public static async Task<TestNamespace> CreateAsync(bool standIn = false)
    {
        var name = $"ft-test-{RandomNumberGenerator.GetHexString(6, lowercase: true)}";
        using (var session = await ConnectAsync("default"))
        {
            await SendAsync(session, "create", HttpMethod.Post, "/api/v1/namespaces", new JsonObject
            {
                ["apiVersion"] = "v1",
                ["kind"] = "Namespace",
                ["metadata"] = new JsonObject { ["name"] = name },
            });
        }

        var made = new TestNamespace(await ConnectAsync(name), name);
        if (standIn)
        {
            await new StandInPlatform(made.Admin, Manifests).InstallAsync(null, TimeSpan.FromSeconds(120), Cancellation);
        }

        return made;
    }

    public static Task<ClusterSession> ConnectAsync(string ns, string? kubeconfig = null) =>
        ClusterSession.ConnectAsync(
            new ClusterOptions { Kubeconfig = kubeconfig ?? RealClusterFactAttribute.Kubeconfig, Namespace = ns }, TimeProvider.System, Cancellation);

    /// <summary>Any call, for what the domain has no method for.</summary>
    public static async Task<JsonObject> SendAsync(ClusterSession session, string verb, HttpMethod method, string path, JsonNode? body)
    {
        using var json = await session.Api.SendAsync(new ApiCall(verb, path, null), method, path, body, Cancellation);
        return KubeJson.Read<JsonObject>(json.RootElement);
    }

    /// <summary>Applies a manifest of deploy/ with this namespace in it, changed by <paramref name="edit"/>.</summary>
    public async Task ApplyAsync(string file, Action<JsonObject>? edit = null)
    {
        var path = Path.Combine(Repository.Root, "deploy", file);
        var text = (await File.ReadAllTextAsync(path, Cancellation)).Replace("your-namespace", Name, StringComparison.Ordinal);
        ResourceType[] types = [ResourceType.ServiceAccounts, ResourceType.Roles, ResourceType.RoleBindings];
        foreach (var document in Manifest.Parse(path, text).Documents)
        {
            edit?.Invoke(document.Body);
            await Admin.CreateAsync(types.Single(t => t.Kind == document.Kind), document.Body, Cancellation);
        }
    }

    /// <summary>A kubeconfig of the service account <c>fault-matrix</c> with a token that lives an hour, readable by its owner alone.</summary>
    public async Task<string> ServiceAccountKubeconfigAsync()
    {
        var path = ResourceType.ServiceAccounts.Path(Name, "fault-matrix", "token");
        var answer = await SendAsync(Admin, "create", HttpMethod.Post, path, new JsonObject
        {
            ["apiVersion"] = "authentication.k8s.io/v1",
            ["kind"] = "TokenRequest",
            ["spec"] = new JsonObject { ["expirationSeconds"] = 3600 },
        });
        return WriteKubeconfig(answer["status"]!["token"]!.GetValue<string>());
    }

    /// <summary>The tests' kubeconfig with another user.</summary>
    public string WriteKubeconfig(string token)
    {
        var original = Manifest.Parse("kubeconfig", File.ReadAllText(RealClusterFactAttribute.Kubeconfig!)).Documents.Single().Body;
        var config = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Config",
            ["clusters"] = new JsonArray(new JsonObject { ["name"] = "c", ["cluster"] = original["clusters"]![0]!["cluster"]!.DeepClone() }),
            ["users"] = new JsonArray(new JsonObject { ["name"] = "u", ["user"] = new JsonObject { ["token"] = token } }),
            ["contexts"] = new JsonArray(new JsonObject { ["name"] = "x", ["context"] = new JsonObject { ["cluster"] = "c", ["user"] = "u", ["namespace"] = Name } }),
            ["current-context"] = "x",
        };
        var file = Path.Combine(Path.GetTempPath(), $"faultmatrix-{RandomNumberGenerator.GetHexString(8)}.kubeconfig");
        using (var stream = new FileStream(file, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }))
        using (var writer = new StreamWriter(stream))
        {
            writer.Write(config.ToJsonString());
        }

        _files.Add(file);
        return file;
    }

    /// <summary>Asserts that no run has left anything here: no graph, no pod of one, no lease.</summary>
    public async Task AssertNothingLeftAsync()
    {
        var ours = new FaultTolerance.Cluster.Observation.Selector(Label: $"{GraphLabels.ManagedBy}={GraphLabels.ManagedByValue}");
        foreach (var type in new[] { ResourceType.Pods, ResourceType.Deployments, ResourceType.Services, ResourceType.DynamoGraphDeployments("v1alpha1") })
        {
            Assert.Empty(await Admin.ListAsync<JsonObject>(type, ours, Cancellation));
        }

        Assert.Null(await Admin.FindAsync<JsonObject>(ResourceType.Leases, "faultmatrix", Cancellation));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var file in _files)
        {
            File.Delete(file);
        }

        await SendAsync(Admin, "delete", HttpMethod.Delete, $"/api/v1/namespaces/{Name}", null);
        Admin.Dispose();
    }
}
