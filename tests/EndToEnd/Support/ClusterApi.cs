using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace EndToEnd;

/// <summary>A local cluster's API as a stranger calls it: not through the tool that is tested.</summary>
internal sealed class ClusterApi : IDisposable
{
    /// <summary>The namespace of runs on a local cluster.</summary>
    public const string Namespace = "fault-matrix";

    private const string Ours = "labelSelector=app.kubernetes.io%2Fmanaged-by%3Dfaultmatrix";

    // What graphs are made of, and what holds a namespace.
    private static readonly string[] Collections =
    [
        "api/v1 pods", "api/v1 services", "api/v1 configmaps", "api/v1 serviceaccounts", "apis/apps/v1 deployments", "apis/apps/v1 replicasets",
        "apis/rbac.authorization.k8s.io/v1 roles", "apis/rbac.authorization.k8s.io/v1 rolebindings",
        "apis/nvidia.com/v1alpha1 dynamographdeployments",
    ];

    private readonly X509Certificate2 _authority;
    private readonly HttpClient _http;

    /// <param name="kubeconfig">The kubeconfig that the cluster wrote.</param>
    public ClusterApi(string kubeconfig)
    {
        var text = File.ReadAllText(kubeconfig);
        string Value(string key) => Regex.Match(text, $@"{key}: (?<v>\S+)", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)).Groups["v"].Value;
        _authority = X509Certificate2.CreateFromPem(Encoding.ASCII.GetString(Convert.FromBase64String(Value("certificate-authority-data"))));
        _http = new HttpClient(
            new SocketsHttpHandler
            {
                SslOptions =
                {
                    CertificateChainPolicy = new X509ChainPolicy
                    {
                        TrustMode = X509ChainTrustMode.CustomRootTrust,
                        CustomTrustStore = { _authority },
                        RevocationMode = X509RevocationMode.NoCheck,
                    },
                },
            }
        )
        {
            BaseAddress = new Uri(Value("server") + "/"),
        };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Value("token"));
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Sends a call; fails where the answer is no success.</summary>
    public async Task<JsonObject> SendAsync(HttpMethod method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await _http.SendAsync(request, Cancellation);
        var text = await answer.Content.ReadAsStringAsync(Cancellation);
        Assert.True(answer.IsSuccessStatusCode, $"{method} {path}: {(int)answer.StatusCode} {text}");
        return JsonNode.Parse(text)!.AsObject();
    }

    /// <summary>Names in a collection of the namespace, <c>api/v1 pods</c>.</summary>
    public async Task<IReadOnlyList<string>> NamesAsync(string collection, string query = "")
    {
        var list = await SendAsync(HttpMethod.Get, $"{PathOf(collection)}?{query}");
        return [.. list["items"]!.AsArray().Select(i => i!["metadata"]!["name"]!.GetValue<string>())];
    }

    /// <summary>Creates each document of a file of one kind in the namespace.</summary>
    public async Task ApplyAsync(string collection, string file)
    {
        var text = await File.ReadAllTextAsync(file, Cancellation);
        foreach (var document in text.Split("\n---\n"))
        {
            using var content = new StringContent(document, Encoding.UTF8, "application/yaml");
            using var answer = await _http.PostAsync(new Uri(PathOf(collection), UriKind.Relative), content, Cancellation);
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Cancellation));
        }
    }

    /// <summary>The UIDs of the pods that a selector finds and that are ready.</summary>
    public async Task<IReadOnlyList<string>> ReadyPodsAsync(string selector)
    {
        var list = await SendAsync(HttpMethod.Get, $"{PathOf("api/v1 pods")}?labelSelector={selector}");
        return
        [
            .. list["items"]!.AsArray()
                .Where(pod => pod!["status"]?["conditions"]?.AsArray()
                    .Any(c => (string?)c!["type"] == "Ready" && (string?)c["status"] == "True") == true)
                .Select(pod => (string)pod!["metadata"]!["uid"]!),
        ];
    }

    /// <summary>Names of the cluster's namespaces.</summary>
    public async Task<IReadOnlyList<string>> NamespacesAsync() =>
        [
            .. (await SendAsync(HttpMethod.Get, "api/v1/namespaces"))["items"]!.AsArray()
                .Select(i => i!["metadata"]!["name"]!.GetValue<string>()),
        ];

    /// <summary>All that runs have left: objects with this tool's label, and the lease.</summary>
    public async Task<IReadOnlyList<string>> LeftAsync()
    {
        var left = new List<string>();
        foreach (var collection in Collections)
        {
            left.AddRange((await NamesAsync(collection, Ours + "%2Cfaultmatrix.dev%2Frun")).Select(name => $"{collection}/{name}"));
        }

        left.AddRange((await NamesAsync("apis/coordination.k8s.io/v1 leases")).Where(name => name == "faultmatrix"));
        return left;
    }

    /// <summary>
    /// Puts objects beside a run's that are not its own: without its labels, with one of the two, or with another tool's. Returns what
    /// they are, with their versions.
    /// </summary>
    public async Task<IReadOnlyDictionary<string, string>> PlantAsync()
    {
        foreach (
            var (name, labels) in new[]
            {
                ("foreign-none", "{}"),
                ("foreign-managed", """{"app.kubernetes.io/managed-by":"faultmatrix"}"""),
                ("foreign-run", """{"faultmatrix.dev/run":"r1","faultmatrix.dev/scenario":"agg-none"}"""),
                ("foreign-helm", """{"app.kubernetes.io/managed-by":"Helm","faultmatrix.dev/run":"r1"}"""),
            }
        )
        {
            var meta = $$"""{"name":"{{name}}","labels":{{labels}}}""";
            await SendAsync(HttpMethod.Post, PathOf("api/v1 configmaps"), $$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{{meta}} }""");
            await SendAsync(
                HttpMethod.Post,
                PathOf("api/v1 services"),
                $$"""{"apiVersion":"v1","kind":"Service","metadata":{{meta}},"spec":{"clusterIP":"None","ports":[{"port":80}]} }"""
            );
            await SendAsync(
                HttpMethod.Post,
                PathOf("apis/rbac.authorization.k8s.io/v1 roles"),
                $$"""{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"Role","metadata":{{meta}},"rules":[]}"""
            );
        }

        return await VersionsAsync();
    }

    /// <summary>
    /// Everything in the namespace without both of this tool's labels, with its resourceVersion; what others write a status of goes by its
    /// uid, generation and labels.
    /// </summary>
    public async Task<IReadOnlyDictionary<string, string>> VersionsAsync()
    {
        var versions = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var collection in Collections)
        {
            var list = await SendAsync(HttpMethod.Get, PathOf(collection));
            foreach (var item in list["items"]!.AsArray().Where(item => !IsOurs(item!)))
            {
                var meta = item!["metadata"]!;
                versions[$"{collection}/{meta["name"]}"] = item["status"] is JsonObject { Count: > 0 }
                    ? $"{meta["uid"]} {meta["generation"]} {meta["labels"]?.ToJsonString()}"
                    : meta["resourceVersion"]!.GetValue<string>();
            }
        }

        return versions;
    }

    /// <summary>Has the lease look as if the process that holds the namespace had ended, so that whoever asks next gets it.</summary>
    public async Task ForgetHolderAsync()
    {
        const string Lease = "apis/coordination.k8s.io/v1 leases";
        await Eventually.TrueAsync(
            async () => (await NamesAsync(Lease)).Contains("faultmatrix", StringComparer.Ordinal), () => "nobody holds it");
        var lease = await SendAsync(HttpMethod.Get, $"{PathOf(Lease)}/faultmatrix");
        lease["spec"]!["holderIdentity"] = "nobody";
        lease["metadata"]!["annotations"]!["faultmatrix.dev/process"] = "999999999:1";
        await SendAsync(HttpMethod.Put, $"{PathOf(Lease)}/faultmatrix", lease.ToJsonString());
    }

    /// <summary>Deletes an object of the namespace.</summary>
    public Task<JsonObject> DeleteAsync(string collection, string name) => SendAsync(HttpMethod.Delete, $"{PathOf(collection)}/{name}");

    /// <inheritdoc/>
    public void Dispose()
    {
        _http.Dispose();
        _authority.Dispose();
    }

    private static bool IsOurs(JsonNode item) =>
        item["metadata"]!["labels"] is JsonObject labels
        && labels["app.kubernetes.io/managed-by"]?.GetValue<string>() == "faultmatrix"
        && labels.ContainsKey("faultmatrix.dev/run");

    private static string PathOf(string collection) => collection.Replace(" ", $"/namespaces/{Namespace}/", StringComparison.Ordinal);
}
