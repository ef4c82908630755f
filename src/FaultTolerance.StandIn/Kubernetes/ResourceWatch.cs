using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using FaultTolerance.StandIn.Hosting;

namespace FaultTolerance.StandIn.Kubernetes;

/// <summary>What a watch brings.</summary>
internal interface IResourceSink
{
    /// <summary>Everything there is: what is not in it is gone.</summary>
    void Replace(IReadOnlyList<JsonObject> items);

    /// <summary>Added or changed.</summary>
    void Put(JsonObject item);

    void Remove(JsonObject item);
}

/// <summary>List, then watch from the list's version on; again from the start after 410, and with growing pauses after errors. A watch
/// that the server ends is begun again where it ended, so the pause before that loses nothing.</summary>
internal sealed class ResourceWatch(
    KubernetesApi api,
    string path,
    string? selector,
    IResourceSink sink,
    ConsoleLog log,
    TimeProvider time,
    Jitter jitter
)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var pause = FirstPause;
        string? version = null;
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                version ??= await ListAsync(cancellation);
                await foreach (
                    var (type, item) in api.WatchAsync(
                        Query($"watch=true&allowWatchBookmarks=true&resourceVersion={version}&timeoutSeconds=290"),
                        cancellation
                    )
                )
                {
                    version = VersionOf(item) ?? version;
                    Deliver(type, item);
                    pause = FirstPause;
                }
            }
            catch (KubernetesException expired) when (expired.Status == HttpStatusCode.Gone)
            {
                version = null;
            }
            catch (KubernetesException refused)
            {
                log.Warn("kubernetes", refused.Message);
                version = null;
            }
            catch (Exception broken) when (broken is HttpRequestException or IOException or JsonException)
            {
                log.Warn("kubernetes", $"watch of {path}: {broken.Message}");
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }

            await Task.Delay(jitter.Spread(pause), time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, LongestPause.Ticks));
        }
    }

    private static string? VersionOf(JsonObject item) => item["metadata"]?["resourceVersion"]?.GetValue<string>();

    private async Task<string> ListAsync(CancellationToken cancellation)
    {
        var items = new List<JsonObject>();
        var next = "";
        JsonObject page;
        do
        {
            page = await api.GetAsync(
                Query($"limit=500{(next.Length > 0 ? $"&continue={Uri.EscapeDataString(next)}" : "")}"),
                cancellation
            );
            items.AddRange(page["items"]?.AsArray().OfType<JsonObject>() ?? []);
            next = page["metadata"]?["continue"]?.GetValue<string>() ?? "";
        }
        while (next.Length > 0);
        sink.Replace(items);
        return VersionOf(page) ?? "0";
    }

    private void Deliver(string type, JsonObject item)
    {
        switch (type)
        {
            case "ADDED" or "MODIFIED":
                sink.Put(item);
                break;
            case "DELETED":
                sink.Remove(item);
                break;
        }
    }

    private string Query(string query) => $"{path}?{(selector is null ? "" : $"labelSelector={Uri.EscapeDataString(selector)}&")}{query}";
}
