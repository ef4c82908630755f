using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FaultTolerance.StandIn.Kubernetes;

/// <summary>
/// The few calls of the Kubernetes API that the stand-in makes, on paths and JSON as they are. A client library with a class for each
/// kind would cost every frontend more to load than everything else it does at start.
/// </summary>
internal sealed class KubernetesApi : IDisposable
{
    private static readonly TimeSpan CallWithin = TimeSpan.FromSeconds(30);
    private readonly ClusterConfig _config;
    private readonly HttpClient _http;

    public KubernetesApi(ClusterConfig config)
    {
        _config = config;
        _http = new(config.CreateHandler()) { BaseAddress = config.Server, Timeout = Timeout.InfiniteTimeSpan };
    }

    public Task<JsonObject> GetAsync(string path, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Get, path, null, "application/json", cancellation);

    /// <summary>As <see cref="GetAsync"/>; null for 404.</summary>
    public async Task<JsonObject?> TryGetAsync(string path, CancellationToken cancellation)
    {
        try
        {
            return await GetAsync(path, cancellation);
        }
        catch (KubernetesException missing) when (missing.Status == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    public Task<JsonObject> CreateAsync(string path, JsonNode body, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Post, path, body, "application/json", cancellation);

    public Task<JsonObject> ReplaceAsync(string path, JsonNode body, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Put, path, body, "application/json", cancellation);

    /// <summary>JSON merge patch (RFC 7386).</summary>
    public Task<JsonObject> MergePatchAsync(string path, JsonNode body, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Patch, path, body, "application/merge-patch+json", cancellation);

    /// <summary>Server-side apply: what the manager sends no longer goes, and what others own is taken over.</summary>
    public Task<JsonObject> ApplyAsync(string path, string manager, JsonNode body, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Patch, $"{path}?&force=true&fieldManager={manager}", body, "application/apply-patch+yaml", cancellation);

    public Task<JsonObject> DeleteAsync(string path, CancellationToken cancellation) =>
        SendAsync(
            HttpMethod.Delete,
            path,
            new JsonObject
            {
                ["kind"] = "DeleteOptions",
                ["apiVersion"] = "v1",
                ["propagationPolicy"] = "Background",
            },
            "application/json",
            cancellation
        );

    /// <summary>
    /// Events of a watch, until the server ends it. Throws <see cref="KubernetesException"/> with 410 where the version is too old.
    /// </summary>
    public async IAsyncEnumerable<(string Type, JsonObject Object)> WatchAsync(
        string path,
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        using var request = await RequestAsync(HttpMethod.Get, path, null, "application/json", cancellation);
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        await CheckAsync(response, path, cancellation);
        await using var stream = await response.Content.ReadAsStreamAsync(cancellation);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        while (await reader.ReadLineAsync(cancellation) is { } line)
        {
            if (line.Length == 0 || JsonNode.Parse(line) is not JsonObject frame || frame["object"] is not JsonObject item)
            {
                continue;
            }

            var type = frame["type"]?.GetValue<string>() ?? "";
            if (type == "ERROR")
            {
                throw new KubernetesException(
                    (HttpStatusCode)(item["code"]?.GetValue<int>() ?? 500),
                    item["message"]?.GetValue<string>() ?? "watch failed"
                );
            }

            frame.Remove("object");
            yield return (type, item);
        }
    }

    public void Dispose() => _http.Dispose();

    private static async Task CheckAsync(HttpResponseMessage response, string path, CancellationToken cancellation)
    {
        if (response.IsSuccessStatusCode)
        {
            return;
        }

        var text = await response.Content.ReadAsStringAsync(cancellation);
        string? message = null;
        try
        {
            message = JsonNode.Parse(text)?["message"]?.GetValue<string>();
        }
        catch (Exception notJson) when (notJson is JsonException or InvalidOperationException)
        {
            message = text.Length > 200 ? text[..200] : text;
        }

        throw new KubernetesException(
            response.StatusCode,
            $"{response.RequestMessage?.Method} {path}: {(int)response.StatusCode} {message}"
        );
    }

    private async Task<JsonObject> SendAsync(
        HttpMethod method,
        string path,
        JsonNode? body,
        string contentType,
        CancellationToken cancellation
    )
    {
        using var within = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        within.CancelAfter(CallWithin);
        using var request = await RequestAsync(method, path, body, contentType, within.Token);
        try
        {
            using var response = await _http.SendAsync(request, within.Token);
            await CheckAsync(response, path, within.Token);
            return JsonNode.Parse(await response.Content.ReadAsStringAsync(within.Token)) as JsonObject
                ?? throw new KubernetesException(response.StatusCode, $"{method} {path}: the answer is no JSON object");
        }
        catch (OperationCanceledException late) when (!cancellation.IsCancellationRequested)
        {
            throw new HttpRequestException($"{method} {path}: no answer within {CallWithin.TotalSeconds} s", late);
        }
    }

    private async ValueTask<HttpRequestMessage> RequestAsync(
        HttpMethod method,
        string path,
        JsonNode? body,
        string contentType,
        CancellationToken cancellation
    )
    {
        var request = new HttpRequestMessage(method, path);
        request.Headers.Accept.Add(new("application/json"));
        if (await _config.ReadTokenAsync(cancellation) is { Length: > 0 } token)
        {
            request.Headers.Authorization = new("Bearer", token);
        }

        if (body is not null)
        {
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(contentType);
        }

        return request;
    }
}
