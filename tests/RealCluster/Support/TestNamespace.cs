using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using FaultTolerance.Cluster;
using FaultTolerance.Cluster.Api;
using FaultTolerance.Deployments.Platform;
using FaultTolerance.Graphs;
using FaultTolerance.Graphs.Manifests;

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
    public static async Task<TestNamespace> CreateAsync(bool standIn = false, bool grove = false)
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
        // Until 1.24 a pod is refused while the service account of its namespace has no token yet.
        await Eventually.TrueAsync(
            async () => (await made.Admin.ListAsync<JsonObject>(ResourceType.ServiceAccounts, default, Cancellation))
                .Any(account => account["metadata"]!["name"]!.GetValue<string>() == "default" && account["secrets"] is JsonArray { Count: > 0 }),
            () => $"the service account of {name} has no token");
        if (standIn)
        {
            await new StandInPlatform(made.Admin, Manifests) { Grove = grove }.InstallAsync(null, TimeSpan.FromSeconds(120), Cancellation);
        }

        return made;
    }

    public static Task<ClusterSession> ConnectAsync(string ns, string? kubeconfig = null) =>
        ClusterSession.ConnectAsync(
            new ClusterOptions { Kubeconfig = kubeconfig ?? RealClusterFactAttribute.Kubeconfig, Namespace = ns },
            TimeProvider.System,
            Cancellation
        );

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

    /// <summary>
    /// A kubeconfig of the service account <c>fault-matrix</c> with a token that lives an hour, readable by its owner alone.
    /// </summary>
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

    /// <summary>The tests' kubeconfig with another user; its cluster at another address, or behind a proxy, where one is given.</summary>
    public string WriteKubeconfig(string token, Uri? server = null, Uri? proxy = null)
    {
        var original = Manifest.Parse("kubeconfig", File.ReadAllText(RealClusterFactAttribute.Kubeconfig!)).Documents.Single().Body;
        var cluster = server is null
            ? original["clusters"]![0]!["cluster"]!.DeepClone()
            : new JsonObject { ["server"] = server.ToString() };
        if (proxy is not null)
        {
            cluster["proxy-url"] = proxy.ToString();
        }

        var config = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Config",
            ["clusters"] = new JsonArray(new JsonObject { ["name"] = "c", ["cluster"] = cluster }),
            ["users"] = new JsonArray(
                new JsonObject
                {
                    ["name"] = "u",
                    ["user"] = new JsonObject { ["token"] = token },
                }
            ),
            ["contexts"] = new JsonArray(
                new JsonObject
                {
                    ["name"] = "x",
                    ["context"] = new JsonObject
                    {
                        ["cluster"] = "c",
                        ["user"] = "u",
                        ["namespace"] = Name,
                    },
                }
            ),
            ["current-context"] = "x",
        };
        var file = Path.Combine(Path.GetTempPath(), $"faultmatrix-{RandomNumberGenerator.GetHexString(8)}.kubeconfig");
        using (
            var stream = new FileStream(
                file,
                new FileStreamOptions
                {
                    Mode = FileMode.CreateNew,
                    Access = FileAccess.Write,
                    UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
                }
            )
        )
        using (var writer = new StreamWriter(stream))
        {
            writer.Write(config.ToJsonString());
        }

        _files.Add(file);
        return file;
    }

    /// <summary>Puts a label on the namespace.</summary>
    public async Task LabelAsync(string name, string value)
    {
        var space = await SendAsync(Admin, "get", HttpMethod.Get, $"/api/v1/namespaces/{Name}", null);
        var labels = space["metadata"]!["labels"] as JsonObject ?? [];
        labels[name] = value;
        space["metadata"]!["labels"] = labels.DeepClone();
        await SendAsync(Admin, "update", HttpMethod.Put, $"/api/v1/namespaces/{Name}", space);
    }

    /// <summary>
    /// Waits until admission refuses a valid object of that type, tried without creating it: the API server follows webhooks by a watch.
    /// </summary>
    public async Task UntilRefusedAsync(ResourceType type)
    {
        var body = JsonNode.Parse("""
            { "apiVersion": "apps/v1", "kind": "Deployment", "metadata": { "name": "tried" }, "spec": { "selector": { "matchLabels": { "a": "b" } },
              "template": { "metadata": { "labels": { "a": "b" } }, "spec": { "containers": [ { "name": "main", "image": "none" } ] } } } }
            """);
        while (true)
        {
            try
            {
                await SendAsync(Admin, "create", HttpMethod.Post, $"{type.Path(Name)}?dryRun=All", body!.DeepClone());
            }
            catch (ClusterException e) when (!e.IsTransient)
            {
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), Cancellation);
        }
    }

    /// <summary>Asserts that no run has left anything here: nothing of a graph, no pod of one, and unless it was killed no lease.</summary>
    public async Task AssertNothingLeftAsync(bool lease = true)
    {
        var ours = new FaultTolerance.Cluster.Observation.Selector(Label: $"{GraphLabels.ManagedBy}={GraphLabels.ManagedByValue},{GraphLabels.Run}");
        var graphs = (await Admin.ServedVersionsAsync("nvidia.com", Cancellation)).Take(1).Select(ResourceType.DynamoGraphDeployments);
        ResourceType[] types =
        [
            ResourceType.Pods, ResourceType.ReplicaSets, ResourceType.Deployments, ResourceType.Services, ResourceType.ConfigMaps,
            ResourceType.ServiceAccounts, ResourceType.Roles, ResourceType.RoleBindings, .. graphs,
        ];
        var left = new List<string>();
        for (var patience = Stopwatch.StartNew(); ; await Task.Delay(TimeSpan.FromMilliseconds(100), Cancellation))
        {
            left.Clear();
            foreach (var type in types)
            {
                left.AddRange((await Admin.ListAsync<JsonObject>(type, ours, Cancellation)).Select(o => $"{type.Kind}/{o["metadata"]!["name"]}"));
            }

            // What hangs on an owner that is gone goes a moment after it, by the cluster's own hand.
            if (left.Count == 0 || patience.Elapsed > TimeSpan.FromSeconds(60))
            {
                break;
            }
        }

        Assert.Empty(left);
        if (lease)
        {
            Assert.Null(await Admin.FindAsync<JsonObject>(ResourceType.Leases, "faultmatrix", Cancellation));
        }
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
