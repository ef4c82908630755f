using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Api;
using FaultTolerance.LocalCluster.Api.Access;
using FaultTolerance.LocalCluster.Hosting;
using FaultTolerance.LocalCluster.Storage;
using k8s;
using k8s.KubeConfigModels;
using User = FaultTolerance.LocalCluster.Api.Access.User;

namespace FaultTolerance.LocalCluster.Tests.Api;

/// <summary>A real API server on loopback, without kubelet and controllers, and clients that trust its authority.</summary>
internal sealed class ApiFixture : IAsyncDisposable
{
    private readonly ClusterCertificates _certificates = ClusterCertificates.Create(TimeProvider.System);
    private readonly TokenBook _tokens = new();
    private readonly ApiServer _server;
    private readonly string _adminToken;
    private readonly List<IDisposable> _clients = [];

    private ApiFixture(int history)
    {
        Store = new(TimeProvider.System, history);
        _adminToken = _tokens.Issue(User.Admin);
        _server = ApiServer.Create(Store, Runtime, _tokens, _certificates.Server, port: 0, TimeProvider.System);
        SeedObjects.Make(_server.Verbs, ["ns"]);
    }

    public MemoryStore Store { get; }

    public FakeRuntime Runtime { get; } = new();

    public string Url => $"https://127.0.0.1:{_server.Port}";

    public static async Task<ApiFixture> StartAsync(int history = 5_000)
    {
        var fixture = new ApiFixture(history);
        await fixture._server.StartAsync(TestContext.Current.CancellationToken);
        return fixture;
    }

    public string TokenOf(string @namespace, string account) => _tokens.Issue(User.ServiceAccount(@namespace, account));

    /// <summary>A plain client; null for no token at all.</summary>
    public HttpClient Http(string? token = "admin")
    {
        var handler = new SocketsHttpHandler
        {
            SslOptions = new()
            {
                CertificateChainPolicy = new X509ChainPolicy
                {
                    TrustMode = X509ChainTrustMode.CustomRootTrust,
                    CustomTrustStore = { X509Certificate2.CreateFromPem(_certificates.AuthorityPem) },
                    RevocationMode = X509RevocationMode.NoCheck,
                },
            },
        };
        var client = new HttpClient(handler, disposeHandler: true) { BaseAddress = new(Url) };
        if (token is not null)
        {
            client.DefaultRequestHeaders.Authorization = new("Bearer", token == "admin" ? _adminToken : token);
        }

        _clients.Add(client);
        return client;
    }

    /// <summary>The client library that the domain uses.</summary>
    public Kubernetes Client()
    {
        var authority = Convert.ToBase64String(Encoding.ASCII.GetBytes(_certificates.AuthorityPem));
        var configuration = new K8SConfiguration
        {
            CurrentContext = "c",
            Clusters = [new() { Name = "c", ClusterEndpoint = new() { Server = Url, CertificateAuthorityData = authority } }],
            Contexts = [new() { Name = "c", ContextDetails = new() { Cluster = "c", User = "u", Namespace = "ns" } }],
            Users = [new() { Name = "u", UserCredentials = new() { Token = _adminToken } }],
        };
        var client = new Kubernetes(KubernetesClientConfiguration.BuildConfigFromConfigObject(configuration));
        _clients.Add(client);
        return client;
    }

    /// <summary>A pod as a kubelet would have it running.</summary>
    public void RunPod(string name, long graceSeconds = 30)
    {
        var pod = new JsonObject
        {
            ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["app"] = name } },
            ["spec"] = new JsonObject
            {
                ["nodeName"] = "local",
                ["terminationGracePeriodSeconds"] = graceSeconds,
                ["containers"] = new JsonArray(new JsonObject { ["name"] = "main", ["image"] = "i:1" }),
            },
            ["status"] = new JsonObject { ["phase"] = "Running" },
        };
        Store.Create(new(ResourceType.Core("pods"), "ns", name), pod);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients)
        {
            client.Dispose();
        }

        await _server.DisposeAsync();
        _certificates.Dispose();
    }
}

/// <summary>JSON over HTTP in one line.</summary>
internal static class HttpJson
{
    public static async Task<(int Status, JsonNode Body)> JsonAsync(
        this HttpClient client, string method, string path, string? body = null, string type = "application/json", string? accept = null)
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var request = new HttpRequestMessage(new(method), path);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, MediaTypeHeaderValue.Parse(type));
        }

        if (accept is not null)
        {
            request.Headers.TryAddWithoutValidation("Accept", accept);
        }

        using var response = await client.SendAsync(request, cancellation);
        var text = await response.Content.ReadAsStringAsync(cancellation);
        return ((int)response.StatusCode, JsonNode.Parse(text)!);
    }
}
