using System.Net;
using System.Runtime.CompilerServices;
using FaultTolerance.Cluster.Api;

namespace FaultTolerance.Cluster.Observation;

/// <summary>
/// Keeps up with a collection: pages through a list, watches from its resource version, watches again when the stream ends or breaks, and
/// lists again when the server has forgotten that version (410), when the watch has been silent for long, or when somebody doubts it. What
/// was missed meanwhile comes out as the difference.
/// </summary>
internal static class ListWatch
{
    // Servers end watches after 30 to 60 minutes; asking for less bounds how long a connection that died in silence goes unnoticed.
    private static readonly TimeSpan WatchLength = TimeSpan.FromMinutes(4);
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan BetweenDoubts = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan ShortLife = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongLife = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Changes, without end until cancelled. Network errors, 429 and 5xx are waited out; other refusals are thrown.
    /// A <see cref="ChangeKind.Synced"/> follows each complete list.
    /// </summary>
    public static async IAsyncEnumerable<ResourceChange<T>> RunAsync<T>(
        KubeApi api,
        ResourceType type,
        string ns,
        Selector selector,
        TimeProvider time,
        WatchDoubt doubt,
        [EnumeratorCancellation] CancellationToken cancellation
    )
        where T : class
    {
        var known = new KnownObjects<T>();
        var pauses = new Pauses(time);
        string? version = null;
        while (true)
        {
            if (version is null)
            {
                var (listed, error) = await TryAsync(() => ListedCollection<T>.ReadAsync(api, type, ns, selector, cancellation));
                if (error is not null)
                {
                    await pauses.WaitAsync(cancellation);
                    continue;
                }

                foreach (var change in known.Take(listed!))
                {
                    yield return change;
                }

                version = listed!.Version;
                yield return new ResourceChange<T>(ChangeKind.Synced, null, "");
            }

            var opened = time.GetTimestamp();
            var query = selector.Query(
                $"watch=1&allowWatchBookmarks=true&timeoutSeconds={(int)WatchLength.TotalSeconds}&resourceVersion={Uri.EscapeDataString(version)}"
            );
            var call = new ApiCall("watch", type.Display, ns);
            var (stream, failure) = await TryAsync(() =>
                WatchStream.OpenAsync(api, call, $"{type.Path(ns)}?{query}", WatchLength, time, cancellation)
            );
            if (stream is null)
            {
                version = failure!.Status == HttpStatusCode.Gone ? null : version;
                await pauses.WaitAsync(cancellation);
                continue;
            }

            await using (stream)
            {
                while (true)
                {
                    if (!await IsHeardAsync(stream, doubt, time, cancellation))
                    {
                        // Whether there is nothing to say, or nothing comes through: a list tells.
                        var (listed, _) = await TryAsync(() => ListedCollection<T>.ReadAsync(api, type, ns, selector, cancellation));
                        if (listed is null || known.Differences(listed) == 0 || await IsLateAsync(stream, time, cancellation))
                        {
                            continue;
                        }

                        doubt.Missed?.Invoke(
                            $"the watch of {type.Display} in namespace '{ns}' was silent while {known.Differences(listed)} of them changed"
                        );
                        version = listed.Version;
                        foreach (var change in known.Take(listed))
                        {
                            yield return change;
                        }

                        yield return new ResourceChange<T>(ChangeKind.Synced, null, "");
                        break;
                    }

                    var (item, broken) = await TryAsync(() => stream.Next);
                    stream.Take();
                    if (broken is not null || item is null)
                    {
                        break;
                    }

                    using (item)
                    {
                        var (seen, change) = KubeJson.Expect(call, api.Server, item.RootElement, line =>
                        {
                            var read = WatchItem.Read(line);
                            return (read, read.Type == "ERROR" ? null : known.Take(read));
                        });
                        if (seen.Type == "ERROR")
                        {
                            version = seen.ErrorCode == (int)HttpStatusCode.Gone ? null : version;
                            break;
                        }

                        pauses.Reset();
                        version = seen.Version ?? version;
                        if (change is { } told)
                        {
                            yield return told;
                        }
                    }
                }
            }

            var lived = time.GetElapsedTime(opened);
            if (lived > LongLife)
            {
                pauses.Reset();
            }

            if (lived < ShortLife || version is null)
            {
                await pauses.WaitAsync(cancellation);
            }
        }
    }

    // False when it says nothing for long, or somebody doubts it. Doubts come by the hundred; they are looked into twice a second at most.
    private static async Task<bool> IsHeardAsync(WatchStream stream, WatchDoubt doubt, TimeProvider time, CancellationToken cancellation)
    {
        if (stream.Next.IsCompleted)
        {
            return true;
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var silence = Task.Delay(Silence, time, stop.Token);
        await Task.WhenAny(stream.Next, Task.Delay(BetweenDoubts, time, stop.Token));
        await Task.WhenAny(stream.Next, doubt.Raised, silence);
        await stop.CancelAsync();
        cancellation.ThrowIfCancellationRequested();
        doubt.Settle();
        return stream.Next.IsCompleted;
    }

    // A watch in order tells what a list shows a moment later, or has just told it.
    private static async Task<bool> IsLateAsync(WatchStream stream, TimeProvider time, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await Task.WhenAny(stream.Next, Task.Delay(ShortLife, time, stop.Token));
        await stop.CancelAsync();
        cancellation.ThrowIfCancellationRequested();
        return stream.Next.IsCompleted;
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

    /// <summary>Pauses that grow while nothing comes of what is done between them.</summary>
    private sealed class Pauses(TimeProvider time)
    {
        private static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);
        private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);
        private TimeSpan _next = First;

        public async Task WaitAsync(CancellationToken cancellation)
        {
            var pause = _next;
            _next = pause * 2 < Longest ? pause * 2 : Longest;
            await Task.Delay(pause, time, cancellation);
        }

        public void Reset() => _next = First;
    }
}
