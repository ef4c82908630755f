using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using FaultTolerance.Cluster.Api;

namespace FaultTolerance.Cluster.Observation;

/// <summary>
/// Keeps up with a collection: pages through a list, watches from its resource version, watches again when the stream ends or
/// breaks, and lists again when the server has forgotten that version (410). What was missed meanwhile comes out as the difference.
/// </summary>
internal static class ListWatch
{
    private const int PageSize = 500;

    // Servers end watches after 30 to 60 minutes; asking for less bounds how long a connection that died in silence goes unnoticed.
    private static readonly TimeSpan WatchLength = TimeSpan.FromMinutes(4);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Changes, without end until cancelled. Network errors, 429 and 5xx are waited out; other refusals are thrown.
    /// A <see cref="ChangeKind.Synced"/> follows each complete list.
    /// </summary>
    public static async IAsyncEnumerable<ResourceChange<T>> RunAsync<T>(
        KubeApi api, ResourceType type, string ns, Selector selector, TimeProvider time, [EnumeratorCancellation] CancellationToken cancellation)
        where T : class
    {
        var known = new Dictionary<string, Known<T>>(StringComparer.Ordinal);
        var pause = FirstPause;
        string? version = null;
        while (true)
        {
            if (version is null)
            {
                var (listed, error) = await TryAsync(() => ListAsync<T>(api, type, ns, selector, cancellation));
                if (error is not null)
                {
                    pause = await WaitAsync(error, pause, time, cancellation);
                    continue;
                }

                foreach (var change in Difference(known, listed!.Value.Items))
                {
                    yield return change;
                }

                version = listed.Value.Version;
                yield return new ResourceChange<T>(ChangeKind.Synced, null, "");
            }

            var query = selector.Query($"watch=1&allowWatchBookmarks=true&timeoutSeconds={(int)WatchLength.TotalSeconds}&resourceVersion={Uri.EscapeDataString(version)}");
            var call = new ApiCall("watch", type.Display, ns);
            var (stream, failure) = await TryAsync(() => WatchStream.OpenAsync(api, call, $"{type.Path(ns)}?{query}", WatchLength, time, cancellation));
            if (stream is null)
            {
                (version, pause) = (failure!.Status == HttpStatusCode.Gone ? null : version, await WaitAsync(failure, pause, time, cancellation));
                continue;
            }

            await using (stream)
            {
                while (true)
                {
                    var (item, broken) = await TryAsync(() => stream.NextAsync(cancellation));
                    if (broken is not null)
                    {
                        pause = await WaitAsync(broken, pause, time, cancellation);
                        break;
                    }

                    if (item is null)
                    {
                        break;
                    }

                    using (item)
                    {
                        var seen = WatchItem.Read(item.RootElement);
                        if (seen.Type == "ERROR")
                        {
                            version = seen.ErrorCode == (int)HttpStatusCode.Gone ? null : version;
                            pause = await PauseAsync(pause, time, cancellation);
                            break;
                        }

                        pause = FirstPause;
                        version = seen.Version ?? version;
                        if (Apply<T>(known, seen) is { } change)
                        {
                            yield return change;
                        }
                    }
                }
            }
        }
    }

    /// <summary>The whole collection, page by page.</summary>
    public static async Task<(List<(string Key, string Version, T Object)> Items, string Version)?> ListAsync<T>(
        KubeApi api, ResourceType type, string ns, Selector selector, CancellationToken cancellation)
        where T : class
    {
        var items = new List<(string, string, T)>();
        string? next = null;
        var restarted = false;
        while (true)
        {
            // A list that expires half-way (410) begins again, in one piece so that it cannot expire twice.
            var paging = restarted ? "" : next is null ? $"limit={PageSize}" : $"limit={PageSize}&continue={Uri.EscapeDataString(next)}";
            JsonDocument page;
            try
            {
                page = await api.GetAsync(new ApiCall("list", type.Display, ns), $"{type.Path(ns)}?{selector.Query(paging)}", cancellation);
            }
            catch (ClusterException e) when (e.Status == HttpStatusCode.Gone && !restarted)
            {
                (restarted, next) = (true, null);
                items.Clear();
                continue;
            }

            using (page)
            {
                foreach (var element in page.RootElement.GetProperty("items").EnumerateArray())
                {
                    var meta = element.GetProperty("metadata");
                    items.Add((WatchItem.Key(meta), WatchItem.Text(meta, "resourceVersion") ?? "", KubeJson.Read<T>(element, type)));
                }

                var list = page.RootElement.GetProperty("metadata");
                next = WatchItem.Text(list, "continue");
                if (string.IsNullOrEmpty(next))
                {
                    return (items, WatchItem.Text(list, "resourceVersion") ?? "");
                }
            }
        }
    }

    private static IEnumerable<ResourceChange<T>> Difference<T>(Dictionary<string, Known<T>> known, List<(string Key, string Version, T Object)> items)
        where T : class
    {
        var listed = items.Select(i => i.Key).ToHashSet(StringComparer.Ordinal);
        foreach (var (key, gone) in known.Where(k => !listed.Contains(k.Key)).ToList())
        {
            known.Remove(key);
            yield return new ResourceChange<T>(ChangeKind.Deleted, gone.Object, key);
        }

        foreach (var (key, version, item) in items)
        {
            var was = known.TryGetValue(key, out var before);
            known[key] = new Known<T>(version, item);
            if (!was || before!.Version != version)
            {
                yield return new ResourceChange<T>(was ? ChangeKind.Modified : ChangeKind.Added, item, key);
            }
        }
    }

    private static ResourceChange<T>? Apply<T>(Dictionary<string, Known<T>> known, WatchItem seen)
        where T : class
    {
        if (seen.Type is not ("ADDED" or "MODIFIED" or "DELETED"))
        {
            return null;
        }

        var item = KubeJson.Read<T>(seen.Object);
        if (seen.Type == "DELETED")
        {
            known.Remove(seen.ObjectKey);
            return new ResourceChange<T>(ChangeKind.Deleted, item, seen.ObjectKey);
        }

        var was = known.ContainsKey(seen.ObjectKey);
        known[seen.ObjectKey] = new Known<T>(seen.Version ?? "", item);
        return new ResourceChange<T>(was ? ChangeKind.Modified : ChangeKind.Added, item, seen.ObjectKey);
    }

    private static async Task<(TResult? Result, ClusterException? Error)> TryAsync<TResult>(Func<Task<TResult>> call)
    {
        try
        {
            return (await call(), null);
        }
        catch (ClusterException e) when (e.IsTransient || e.Status == HttpStatusCode.Gone)
        {
            return (default, e);
        }
    }

    private static Task<TimeSpan> WaitAsync(ClusterException error, TimeSpan pause, TimeProvider time, CancellationToken cancellation) =>
        error.Status == HttpStatusCode.Gone ? Task.FromResult(pause) : PauseAsync(pause, time, cancellation);

    private static async Task<TimeSpan> PauseAsync(TimeSpan pause, TimeProvider time, CancellationToken cancellation)
    {
        await Task.Delay(pause, time, cancellation);
        return pause * 2 < LongestPause ? pause * 2 : LongestPause;
    }

    private sealed record Known<T>(string Version, T Object);
}
