using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Api.Http;
using FaultTolerance.LocalCluster.Controllers;
using FaultTolerance.LocalCluster.Storage;
using FaultTolerance.LocalCluster.Tests.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace FaultTolerance.LocalCluster.Tests.Api.Apply;

/// <summary>The calls by which a Dynamo frontend and worker find each other, as a real one was seen to make them.</summary>
public sealed class DynamoDiscoveryTests
{
    private const string Cards = "/apis/nvidia.com/v1alpha1/namespaces/ns/dynamoworkermetadatas";
    private const string Slices =
        "/apis/discovery.k8s.io/v1/namespaces/ns/endpointslices?labelSelector=nvidia.com%2Fdynamo-discovery-enabled%3Dtrue";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Worker_writes_its_card_at_each_registration_and_the_frontend_sees_it()
    {
        await using var api = await ApiFixture.StartAsync();
        using var admin = api.Http();
        await InstallAsync(admin);
        using var worker = api.Http(api.TokenOf("ns", "worker"));
        using var frontend = api.Http(api.TokenOf("ns", "worker"));
        await using var watch = await WatchAsync(frontend,
            Cards + "?watch=true&allowWatchBookmarks=true&timeoutSeconds=290&resourceVersion=0");

        var (made, first) = await ApplyAsync(worker, """{"endpoints":{"e1":{"a":1}},"model_cards":{"m1":{}},"event_channels":{}}""");
        var (changed, second) = await ApplyAsync(worker, """{"endpoints":{"e2":{"a":1}},"model_cards":{},"event_channels":{}}""");
        var (listed, list) = await frontend.JsonAsync("GET", Cards + "?limit=500");

        Assert.Equal((201, 200, 200), (made, changed, listed));
        Assert.Equal("1", first.Text("metadata", "generation") ?? first.At("metadata", "generation")!.ToJsonString());
        Assert.Equal("""{"e2":{"a":1}}""", second.At("spec", "data", "endpoints")!.ToJsonString());
        Assert.Equal("worker-0", Assert.Single(list.Maps("items")).Name());
        Assert.Equal(["ADDED", "MODIFIED"], [await watch.NextAsync(), await watch.NextAsync()], StringComparer.Ordinal);
    }

    [Fact]
    public async Task Frontend_lists_and_watches_the_slices_of_labelled_services_and_sees_readiness()
    {
        await using var api = await ApiFixture.StartAsync();
        await InstallAsync(api.Http());
        using var frontend = api.Http(api.TokenOf("ns", "worker"));
        var controller = new EndpointsController(api.Store, TimeProvider.System, NullLogger.Instance);
        var service = new ResourceId(ResourceType.Core("services"), "ns", "graph-worker");
        api.RunPod("worker-0");
        api.Store.Update(new(ResourceType.Core("pods"), "ns", "worker-0"), pod =>
        {
            pod["status"]!["podIP"] = "127.9.0.1";
            return pod;
        });
        api.Store.Create(service, JsonNode.Parse(
            """
            {"metadata":{"labels":{"nvidia.com/dynamo-discovery-backend":"kubernetes","nvidia.com/dynamo-discovery-enabled":"true"}},
             "spec":{"selector":{"app":"worker-0"},"ports":[{"name":"system","port":9090}]}}
            """)!.AsObject());
        controller.Reconcile(service);

        var (status, list) = await frontend.JsonAsync("GET", Slices + "&limit=500");
        await using var watch = await WatchAsync(
            frontend,
            Slices + $"&watch=true&allowWatchBookmarks=true&timeoutSeconds=290&resourceVersion={list.Text("metadata", "resourceVersion")}"
        );
        api.Store.Update(new(ResourceType.Core("pods"), "ns", "worker-0"), pod =>
        {
            pod["status"]!["conditions"] = new JsonArray(new JsonObject { ["type"] = "Ready", ["status"] = "True" });
            return pod;
        });
        controller.Reconcile(service);
        var change = await watch.NextAsync();
        api.Store.Update(service, value =>
        {
            value["metadata"]!["labels"]!["nvidia.com/dynamo-discovery-enabled"] = "false";
            return value;
        });
        controller.Reconcile(service);

        Assert.Equal(200, status);
        var slice = Assert.Single(list.Maps("items"));
        Assert.Equal("kubernetes", slice.Text("metadata", "labels", "nvidia.com/dynamo-discovery-backend"));
        Assert.Equal("worker-0", slice.Maps("endpoints").First().Text("targetRef", "name"));
        Assert.Equal(("MODIFIED", "DELETED"), (change, await watch.NextAsync()));
    }

    [Fact]
    public async Task Card_goes_with_the_pod_that_owns_it()
    {
        await using var api = await ApiFixture.StartAsync();
        using var admin = api.Http();
        await InstallAsync(admin);
        api.RunPod("worker-0");
        var uid = api.Store.Get(new(ResourceType.Core("pods"), "ns", "worker-0"))!.Uid();
        await ApplyAsync(admin, "{}", uid);
        var collector = new GarbageCollector(api.Store, TimeProvider.System, NullLogger.Instance);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var collecting = collector.RunAllAsync(stop.Token);

        api.Store.Remove(new(ResourceType.Core("pods"), "ns", "worker-0"));

        await using var watch = await WatchAsync(admin, Cards + "?watch=true&resourceVersion=0");
        while ((await admin.JsonAsync("GET", Cards + "/worker-0")).Status == 200)
        {
            await Task.Delay(20, Cancellation);
        }

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => collecting);
    }

    private static Task<(int Status, JsonNode Body)> ApplyAsync(HttpClient client, string data, string uid = "u") =>
        client.JsonAsync(
            "PATCH",
            Cards + "/worker-0?&force=true&fieldManager=dynamo-worker",
            $$$"""
            {"apiVersion":"nvidia.com/v1alpha1","kind":"DynamoWorkerMetadata",
             "metadata":{"name":"worker-0","ownerReferences":[{"apiVersion":"v1","kind":"Pod","name":"worker-0","uid":"{{{uid}}}","controller":true}]},
             "spec":{"data":{{{data}}} } }
            """,
            "application/apply-patch+yaml",
            "application/json"
        );

    private static async Task InstallAsync(HttpClient admin)
    {
        var file = Path.Combine(Repository.Root, "deploy", "stand-in", "crd.yaml");
        var definition = YamlDocuments.Parse(await File.ReadAllTextAsync(file, Cancellation))
            .Single(document => document.AsObject().Name() == "dynamoworkermetadatas.nvidia.com");
        var (made, _) = await admin.JsonAsync("POST", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", definition.ToJsonString());
        Assert.Equal(201, made);
        await admin.JsonAsync("POST", "/apis/rbac.authorization.k8s.io/v1/namespaces/ns/roles",
            """
            {"metadata":{"name":"d"},"rules":[{"apiGroups":["discovery.k8s.io"],"resources":["endpointslices"],"verbs":["get","list","watch"]},
             {"apiGroups":[""],"resources":["pods"],"verbs":["get","list","watch"]},{"apiGroups":["nvidia.com"],"resources":["dynamoworkermetadatas"],"verbs":["*"]}]}
            """
        );
        await admin.JsonAsync(
            "POST",
            "/apis/rbac.authorization.k8s.io/v1/namespaces/ns/rolebindings",
            """{"metadata":{"name":"d"},"roleRef":{"kind":"Role","name":"d"},"subjects":[{"kind":"ServiceAccount","name":"worker","namespace":"ns"}]}"""
        );
    }

    private static async Task<WatchLines> WatchAsync(HttpClient client, string path)
    {
        var response = await client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        return new(response, new StreamReader(await response.Content.ReadAsStreamAsync(Cancellation)));
    }

    private sealed class WatchLines(HttpResponseMessage response, StreamReader lines) : IAsyncDisposable
    {
        public async Task<string> NextAsync() => JsonNode.Parse((await lines.ReadLineAsync(Cancellation))!).Text("type")!;

        public ValueTask DisposeAsync()
        {
            lines.Dispose();
            response.Dispose();
            return default;
        }
    }
}
