using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Storage;
using k8s;
using k8s.Models;

namespace FaultTolerance.LocalCluster.Tests.Api;

public class WatchTests
{
    private const string Maps = "/api/v1/namespaces/ns/configmaps";
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Watch_without_a_version_begins_with_what_is_there()
    {
        await using var api = await ApiFixture.StartAsync();
        Create(api, "a", "1");
        await using var watch = await EventsOf(api, Maps + "?watch=1");

        Assert.Equal(("ADDED", "a"), await watch.NextAsync());
        Create(api, "b", "1");
        Assert.Equal(("ADDED", "b"), await watch.NextAsync());
        api.Store.Remove(Id("a"));
        Assert.Equal(("DELETED", "a"), await watch.NextAsync());
    }

    [Fact]
    public async Task Watch_from_a_version_brings_every_change_after_it()
    {
        await using var api = await ApiFixture.StartAsync();
        Create(api, "a", "1");
        var version = api.Store.Version;
        Create(api, "b", "1");
        Relabel(api, "a", "2");

        await using var watch = await EventsOf(api, $"{Maps}?watch=true&resourceVersion={version}");

        Assert.Equal([("ADDED", "b"), ("MODIFIED", "a")], [await watch.NextAsync(), await watch.NextAsync()]);
    }

    [Fact]
    public async Task Watch_of_a_selection_adds_and_deletes_as_objects_come_to_match_or_not()
    {
        await using var api = await ApiFixture.StartAsync();
        Create(api, "a", "1");
        await using var watch = await EventsOf(api, $"{Maps}?watch=1&labelSelector=x%3D2&resourceVersion={api.Store.Version}");

        Relabel(api, "a", "2");
        Relabel(api, "a", "3");
        Relabel(api, "a", "4");
        Relabel(api, "a", "2");

        Assert.Equal(
            [("ADDED", "a"), ("DELETED", "a"), ("ADDED", "a")],
            [await watch.NextAsync(), await watch.NextAsync(), await watch.NextAsync()]
        );
    }

    [Fact]
    public async Task Watch_from_a_forgotten_version_is_told_so_and_ends()
    {
        await using var api = await ApiFixture.StartAsync();
        Create(api, "a", "1");
        var version = api.Store.Version;
        Create(api, "b", "1");
        api.Store.Compact(ResourceType.Core("configmaps"));

        await using var watch = await EventsOf(api, $"{Maps}?watch=1&resourceVersion={version}");

        var error = await watch.NextEventAsync();
        Assert.Equal(("ERROR", 410L, "Expired"), (error.Text("type"), error.Number("object", "code"), error.Text("object", "reason")));
        Assert.Null(await watch.NextEventAsync());
    }

    [Fact]
    public async Task Watch_with_initial_events_marks_their_end()
    {
        await using var api = await ApiFixture.StartAsync();
        Create(api, "a", "1");
        await using var watch = await EventsOf(
            api,
            Maps + "?watch=1&sendInitialEvents=true&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan"
        );

        Assert.Equal(("ADDED", "a"), await watch.NextAsync());
        var bookmark = await watch.NextEventAsync();
        Assert.Equal(
            ("BOOKMARK", "true"),
            (bookmark.Text("type"), bookmark.Text("object", "metadata", "annotations", "k8s.io/initial-events-end"))
        );
    }

    [Fact]
    public async Task Watch_ends_with_its_timeout()
    {
        await using var api = await ApiFixture.StartAsync();
        await using var watch = await EventsOf(api, $"{Maps}?watch=1&timeoutSeconds=1&resourceVersion={api.Store.Version}");

        Assert.Null(await watch.NextEventAsync());
    }

    [Fact]
    public async Task Watch_ends_when_the_server_stops()
    {
        var api = await ApiFixture.StartAsync();
        var client = api.Http();
        var stream = await client.GetStreamAsync(
            new Uri($"{Maps}?watch=1&resourceVersion={api.Store.Version}", UriKind.Relative),
            Cancellation
        );
        var stopping = api.DisposeAsync();

        try
        {
            Assert.Equal(0, await stream.ReadAsync(new byte[1], Cancellation));
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            // Breaking the stream off ends it as well.
        }

        await stopping;
    }

    [Fact]
    public async Task KubernetesClient_lists_and_watches()
    {
        await using var api = await ApiFixture.StartAsync();
        using var client = api.Client();
        api.RunPod("p");
        var list = await client.CoreV1.ListNamespacedPodAsync("ns", cancellationToken: Cancellation);

        var seen = new List<(WatchEventType, string)>();
        var watch = client.CoreV1.WatchListNamespacedPodAsync(
            "ns",
            resourceVersion: list.ResourceVersion(),
            cancellationToken: Cancellation
        );
        await client.CoreV1.DeleteNamespacedPodAsync("p", "ns", gracePeriodSeconds: 0, cancellationToken: Cancellation);
        await foreach (var (kind, pod) in watch)
        {
            seen.Add((kind, pod.Name()));
            break;
        }

        Assert.Equal([(WatchEventType.Deleted, "p")], seen);
    }

    private static void Create(ApiFixture api, string name, string label) =>
        api.Store.Create(Id(name), new() { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["x"] = label } } });

    private static void Relabel(ApiFixture api, string name, string label) => api.Store.Update(Id(name), value =>
    {
        value.Metadata().Ensure("labels")["x"] = label;
        return value;
    });

    private static ResourceId Id(string name) => new(ResourceType.Core("configmaps"), "ns", name);

    private static async Task<Events> EventsOf(ApiFixture api, string path) =>
        new(new StreamReader(await api.Http().GetStreamAsync(new Uri(path, UriKind.Relative), Cancellation)));

    private sealed class Events(StreamReader reader) : IAsyncDisposable
    {
        public async Task<JsonNode?> NextEventAsync() => await reader.ReadLineAsync(Cancellation) is { } line ? JsonNode.Parse(line) : null;

        public async Task<(string?, string?)> NextAsync()
        {
            var next = await NextEventAsync();
            return (next.Text("type"), next.Text("object", "metadata", "name"));
        }

        public ValueTask DisposeAsync()
        {
            reader.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
