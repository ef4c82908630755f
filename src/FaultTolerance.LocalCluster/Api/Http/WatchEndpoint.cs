using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Api.Conversion;
using FaultTolerance.LocalCluster.Api.Resources;
using FaultTolerance.LocalCluster.Api.Verbs;
using FaultTolerance.LocalCluster.Storage;
using Microsoft.AspNetCore.Http;

namespace FaultTolerance.LocalCluster.Api.Http;

/// <summary>Serves watches: one JSON event a line, for as long as asked.</summary>
/// <param name="store">Holds the changes.</param>
/// <param name="answers">Gives objects their shape.</param>
/// <param name="time">Ends watches and paces bookmarks.</param>
internal sealed class WatchEndpoint(MemoryStore store, ListAnswers answers, TimeProvider time)
{
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);
    private static readonly TimeSpan BookmarkPeriod = TimeSpan.FromSeconds(60);

    /// <summary>Watches until the time-out, the client or the server ends it.</summary>
    public async Task ServeAsync(
        HttpContext context, Resource resource, string? @namespace, ListRequest request, ConvertedVersion? conversion,
        CancellationToken stopping)
    {
        var query = context.Request.Query;
        var shape = ShapeNegotiation.Of(context.Request);
        var watch = new Watch(context, resource, @namespace, request, shape, query.Flag("allowWatchBookmarks"), conversion);
        var initial = query.Text("sendInitialEvents") is null ? request.Version is null or 0 : query.Flag("sendInitialEvents");
        var longest = query.Number("timeoutSeconds") is { } seconds and > 0 ? TimeSpan.FromSeconds(Math.Min(seconds, 86_400)) : Longest;

        context.Response.ContentType = "application/json";
        await context.Response.StartAsync(stopping);
        var body = context.Response.BodyWriter;
        await body.FlushAsync(stopping);

        using var end = CancellationTokenSource.CreateLinkedTokenSource(stopping, context.RequestAborted);
        using var timeout = new CancellationTokenSource(longest, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(end.Token, timeout.Token);
        try
        {
            var position = initial ? await WriteInitialAsync(watch, body, query.Flag("sendInitialEvents"), stop.Token) : request.Version
                ?? store.Version;
            await FollowAsync(watch, body, position, stop.Token);
        }
        catch (StoreException error)
        {
            WriteEvent(body, "ERROR", StatusObject.Failure(error));
            await body.FlushAsync(stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The time-out, the client's leaving and the server's stop all end a watch without an event.
        }
    }

    private async Task FollowAsync(Watch watch, PipeWriter body, long position, CancellationToken stop)
    {
        var bookmark = Task.Delay(BookmarkPeriod, time, stop);
        while (true)
        {
            var (changes, upTo, next) = store.ChangesAfter(watch.Resource.Type, position);
            foreach (var change in changes)
            {
                if (watch.Namespace is null || change.Id.Namespace == watch.Namespace)
                {
                    await WriteChangeAsync(watch, body, change, stop);
                }
            }

            position = upTo;
            if (bookmark.IsCompletedSuccessfully)
            {
                if (watch.Bookmarks)
                {
                    WriteEvent(body, "BOOKMARK", Bookmark(watch, position, initialEnd: false));
                }

                bookmark = Task.Delay(BookmarkPeriod, time, stop);
            }

            await body.FlushAsync(stop);
            await Task.WhenAny(next, bookmark);
            stop.ThrowIfCancellationRequested();
        }
    }

    private async Task<long> WriteInitialAsync(Watch watch, PipeWriter body, bool asked, CancellationToken stop)
    {
        var (rows, version) = store.ListRaw(watch.Resource.Type, watch.Namespace);
        foreach (var row in rows.Where(watch.Request.Matches))
        {
            await WriteObjectAsync(watch, body, "ADDED", row, stop);
        }

        if (asked)
        {
            WriteEvent(body, "BOOKMARK", Bookmark(watch, version, initialEnd: true));
        }

        return version;
    }

    // To one who watches a selection, an object that comes to match is new, and one that no longer matches is gone.
    private async ValueTask WriteChangeAsync(Watch watch, PipeWriter body, Change change, CancellationToken stop)
    {
        var matched = change.Previous is not null && watch.Request.Matches(change.Previous);
        var matches = change.Kind != StoreEventKind.Deleted && watch.Request.Matches(change.Json);
        var kind = (matched, matches) switch
        {
            (false, true) => "ADDED",
            (true, true) => "MODIFIED",
            (true, false) => "DELETED",
            _ => null,
        };
        if (kind is not null)
        {
            await WriteObjectAsync(watch, body, kind, change.Json, stop);
        }
    }

    private async ValueTask WriteObjectAsync(Watch watch, PipeWriter body, string kind, byte[] json, CancellationToken stop)
    {
        if (watch.Conversion is { } conversion)
        {
            json = (await conversion.OutAsync([json], stop))[0];
        }

        if (watch.Shape == Shape.Full)
        {
            body.Write(System.Text.Encoding.UTF8.GetBytes($"{{\"type\":\"{kind}\",\"object\":"));
            JsonAnswers.WriteStored(body, watch.Resource, json);
            body.Write("}\n"u8);
            return;
        }

        WriteEvent(body, kind, answers.Shaped(watch.Context.Request, watch.Resource, MemoryStore.Parse(json), watch.Shape));
    }

    private JsonObject Bookmark(Watch watch, long version, bool initialEnd)
    {
        var metadata = new JsonObject
        {
            ["resourceVersion"] = version.ToString(CultureInfo.InvariantCulture),
            ["creationTimestamp"] = null,
        };
        if (initialEnd)
        {
            metadata["annotations"] = new JsonObject { ["k8s.io/initial-events-end"] = "true" };
        }

        var value = watch.Resource.Present(new JsonObject { ["metadata"] = metadata });
        return watch.Shape == Shape.Table ? answers.Shaped(watch.Context.Request, watch.Resource, value, Shape.Table)
            : watch.Shape == Shape.Metadata ? ListAnswers.PartialMetadata(value)
            : value;
    }

    private static void WriteEvent(PipeWriter body, string kind, JsonObject value)
    {
        JsonAnswers.Write(body, new JsonObject { ["type"] = kind, ["object"] = value });
        body.Write("\n"u8);
    }

    private sealed record Watch(HttpContext Context, Resource Resource, string? Namespace, ListRequest Request, Shape Shape,
        bool Bookmarks, ConvertedVersion? Conversion);
}
