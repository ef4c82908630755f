using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FaultTolerance.Artefacts;
using FaultTolerance.Cluster.Api;
using FaultTolerance.Load;

namespace FaultTolerance.Deployments;

/// <summary>Asks a graph's frontends whether the model answers: a graph that is Ready may not route yet.</summary>
public static class FrontendProbe
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AttemptLimit = TimeSpan.FromSeconds(30);
    private const int LargestAnswer = 4 * 1024 * 1024;
    private const int LongestReason = 300;

    /// <summary>Waits until a frontend lists a model and completes one token with it, and returns the model's name.</summary>
    /// <param name="transport">The way to the frontends.</param>
    /// <param name="model">Model to ask for; null takes the first that is listed.</param>
    /// <param name="time">Pauses between attempts: nothing tells when a model becomes routable.</param>
    /// <param name="last">Told why the last attempt was no success.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public static async Task<string> UntilAnsweredAsync(
        IFrontendTransport transport, string? model, TimeProvider time, Action<string> last, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(transport);
        ArgumentNullException.ThrowIfNull(last);
        using var http = Client(transport);
        var pause = FirstPause;
        while (true)
        {
            if (transport.Ready is [var frontend, ..])
            {
                using var limit = new CancellationTokenSource(AttemptLimit, time);
                using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
                try
                {
                    return await AskAsync(http, frontend, model, both.Token);
                }
                catch (Exception e) when (ApiErrors.IsBroken(e) || e is JsonException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
                {
                    last(e is OperationCanceledException ? $"no answer within {AttemptLimit.TotalSeconds:0} s" : ForeignText.Line(e.GetBaseException().Message, LongestReason));
                }
            }
            else
            {
                last("no frontend pod is ready");
            }

            await Task.Delay(pause, time, cancellation);
            pause = pause * 1.5 < LongestPause ? pause * 1.5 : LongestPause;
        }
    }

    /// <summary>An HTTP client whose connections go through the transport to the frontend that a request's host names.</summary>
    public static HttpClient Client(IFrontendTransport transport) => new(new SocketsHttpHandler
    {
        UseProxy = false,
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(5),
        ConnectCallback = (context, cancellation) =>
        {
            var frontend = transport.Ready.FirstOrDefault(f => f.BaseAddress.Host == context.DnsEndPoint.Host)
                ?? throw new TransportException(Outcome.Refused, $"{context.DnsEndPoint.Host} is not ready any more");
            return transport.ConnectAsync(frontend, cancellation);
        },
    })
    { Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = LargestAnswer };

    private static async Task<string> AskAsync(HttpClient http, FrontendEndpoint frontend, string? model, CancellationToken cancellation)
    {
        using var listing = await http.GetAsync(new Uri(frontend.BaseAddress, "v1/models"), cancellation);
        var listed = await ReadAsync(listing, "/v1/models", cancellation);
        var names = ((listed as JsonObject)?["data"] as JsonArray)?.OfType<JsonObject>()
            .Select(m => m["id"] is JsonValue id && id.TryGetValue<string>(out var name) ? name : null).OfType<string>().ToArray()
            ?? throw new HttpRequestException("/v1/models answers with no list of models");
        var chosen = model is null ? names.FirstOrDefault() : names.FirstOrDefault(n => n == model);
        if (chosen is null)
        {
            throw new HttpRequestException(model is null || names.Length == 0 ? "/v1/models lists no model" : $"/v1/models lists {string.Join(", ", names)}, not '{model}'");
        }

        var body = new JsonObject
        {
            ["model"] = chosen,
            ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = "1" }),
            ["max_tokens"] = 1,
            ["stream"] = false,
        };
        using var content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        using var completion = await http.PostAsync(new Uri(frontend.BaseAddress, "v1/chat/completions"), content, cancellation);
        await ReadAsync(completion, "/v1/chat/completions", cancellation);
        return chosen;
    }

    private static async Task<JsonNode> ReadAsync(HttpResponseMessage response, string path, CancellationToken cancellation)
    {
        if (response.StatusCode != HttpStatusCode.OK)
        {
            throw new HttpRequestException($"{path} answers {(int)response.StatusCode}");
        }

        return JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellation)) ?? throw new JsonException($"{path} answers null");
    }
}
