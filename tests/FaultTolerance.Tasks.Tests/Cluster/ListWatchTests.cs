using FaultTolerance.Cluster;
using k8s.Models;
using Microsoft.AspNetCore.Http;

namespace FaultTolerance.Tests.Cluster;

public sealed class ListWatchTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task List_goes_through_all_pages()
    {
        await using var api = await FakeApi.StartAsync();
        using var session = await api.ConnectAsync();
        api.Handle = http => http.Request.Query["continue"] == "next"
            ? FakeApi.JsonAsync(http, List("7", "", Pod("b", 2)))
            : FakeApi.JsonAsync(http, List("7", "next", Pod("a", 1)));
        var pods = await session.ListAsync<V1Pod>(ResourceType.Pods, default, Cancellation);
        Assert.Equal(["a", "b"], pods.Select(p => p.Metadata.Name));
    }

    [Fact]
    public async Task List_whose_next_page_expired_begins_again()
    {
        await using var api = await FakeApi.StartAsync();
        using var session = await api.ConnectAsync();
        api.Handle = http => (http.Request.Query["continue"].ToString(), http.Request.Query["limit"].ToString()) switch
        {
            ("next", _) => FakeApi.StatusAsync(http, 410, "Expired", "too old"),
            (_, "") => FakeApi.JsonAsync(http, List("9", "", Pod("a", 1), Pod("b", 2))),
            _ => FakeApi.JsonAsync(http, List("7", "next", Pod("a", 1))),
        };
        Assert.Equal(2, (await session.ListAsync<V1Pod>(ResourceType.Pods, default, Cancellation)).Count);
    }

    [Fact]
    public async Task Watch_that_ends_goes_on_from_the_last_version_also_of_a_bookmark()
    {
        await using var api = await FakeApi.StartAsync();
        using var session = await api.ConnectAsync();
        var watches = 0;
        api.Handle = async http =>
        {
            if (!http.Request.Query.ContainsKey("watch"))
            {
                return await FakeApi.JsonAsync(http, List("10", "", Pod("a", 9)));
            }

            return Interlocked.Increment(ref watches) switch
            {
                1 => await Lines(
                    http,
                    Event("ADDED", Pod("b", 11)),
                    Event("BOOKMARK", """{"kind":"Pod","metadata":{"resourceVersion":"15"}}""")
                ),
                2 => await Lines(http, Event("DELETED", Pod("b", 16))),
                _ => await Lines(http, Event("ADDED", Pod("c", 17))),
            };
        };
        var seen = await Take(session, 5);
        Assert.Equal(["Added a", "Synced ", "Added b", "Deleted b", "Added c"], seen);
        var versions = api
            .Requests.Where(r => r.Contains("watch=1", StringComparison.Ordinal))
            .Select(r => r.Split("resourceVersion=")[1])
            .ToArray();
        Assert.Equal(["10", "15", "16"], versions.Take(3));
    }

    [Fact]
    public async Task Watch_whose_version_is_forgotten_lists_again_and_tells_the_difference()
    {
        await using var api = await FakeApi.StartAsync();
        using var session = await api.ConnectAsync();
        int lists = 0, watches = 0;
        api.Handle = async http =>
        {
            if (!http.Request.Query.ContainsKey("watch"))
            {
                return await FakeApi.JsonAsync(http, Interlocked.Increment(ref lists) == 1
                    ? List("10", "", Pod("a", 1), Pod("b", 2), Pod("c", 3))
                    : List("20", "", Pod("a", 1), Pod("b", 12), Pod("d", 13)));
            }

            return Interlocked.Increment(ref watches) == 1
                ? await Lines(http, """{"type":"ERROR","object":{"kind":"Status","code":410,"message":"too old"}}""")
                : await Forever(http);
        };
        var seen = await Take(session, 8);
        Assert.Equal(["Added a", "Added b", "Added c", "Synced ", "Deleted c", "Modified b", "Added d", "Synced "], seen);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    public async Task Watch_that_is_refused_for_now_is_tried_again(int status)
    {
        await using var api = await FakeApi.StartAsync();
        using var session = await api.ConnectAsync();
        var watches = 0;
        api.Handle = async http => !http.Request.Query.ContainsKey("watch")
            ? await FakeApi.JsonAsync(http, List("10", ""))
            : Interlocked.Increment(ref watches) switch
            {
                1 => await FakeApi.StatusAsync(http, status, "x", "later"),
                2 => await Lines(http, Event("ADDED", Pod("a", 11)), "{\"type\":\"ADDED\",\"obj"),
                3 => await Lines(http, Event("ADDED", Pod("b", 12))),
                _ => await Forever(http),
            };
        Assert.Equal(["Synced ", "Added a", "Added b"], await Take(session, 3));
    }

    [Fact]
    public async Task Watch_that_is_forbidden_is_an_error()
    {
        await using var api = await FakeApi.StartAsync();
        using var session = await api.ConnectAsync();
        api.Handle = http => FakeApi.StatusAsync(http, 403, "Forbidden", "x cannot list pods");
        var e = await Assert.ThrowsAsync<ClusterException>(() => Take(session, 1));
        Assert.Equal("FT0307", e.Code);
    }

    internal static string Pod(string name, int version) =>
        $$$"""{"kind":"Pod","apiVersion":"v1","metadata":{"name":"{{{name}}}","uid":"u-{{{name}}}","resourceVersion":"{{{version}}}"}}""";

    internal static string List(string version, string next, params string[] items) =>
        $$$"""{"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"{{{version}}}","continue":"{{{next}}}"},"items":[{{{string.Join(',', items)}}}]}""";

    internal static string Event(string type, string item) => $$"""{"type":"{{type}}","object":{{item}}}""";

    internal static async Task<bool> Lines(HttpContext http, params string[] lines)
    {
        foreach (var line in lines)
        {
            await http.Response.WriteAsync(line + "\n", http.RequestAborted);
        }

        return true;
    }

    internal static async Task<bool> Forever(HttpContext http)
    {
        await http.Response.Body.FlushAsync(http.RequestAborted);
        var end = new TaskCompletionSource();
        await using var _ = http.RequestAborted.Register(end.SetResult);
        await end.Task;
        return true;
    }

    private static async Task<List<string>> Take(ClusterSession session, int count)
    {
        var seen = new List<string>();
        await foreach (var change in session.WatchAsync<V1Pod>(ResourceType.Pods, default, Cancellation))
        {
            seen.Add($"{change.Kind} {change.Object?.Metadata.Name}");
            if (seen.Count == count)
            {
                break;
            }
        }

        return seen;
    }
}
