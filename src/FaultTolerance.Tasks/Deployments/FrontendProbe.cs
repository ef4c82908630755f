using System.Text.Json;
using System.Text.Json.Nodes;
using FaultTolerance.Cluster.Api;
using FaultTolerance.Load;
using FaultTolerance.Load.Http;

namespace FaultTolerance.Deployments;

/// <summary>Asks a graph's frontends whether the model answers: a graph that is Ready may not route yet.</summary>
internal static class FrontendProbe
{
    private const string Models = "/v1/models";
    private const int MostBytes = 4 * 1024 * 1024;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AttemptLimit = TimeSpan.FromSeconds(30);
    private const int LongestReason = 300;

    /// <summary>Waits until a frontend lists a model and completes one token with it, and returns the model's name.</summary>
    /// <param name="transport">The way to the frontends.</param>
    /// <param name="model">Model to ask for; null takes the first that is listed.</param>
    /// <param name="time">Pauses between attempts: nothing tells when a model becomes routable.</param>
    /// <param name="last">Told why the last attempt was no success.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <param name="patience">How long one attempt may take; null for 30 s.</param>
    public static async Task<string> UntilAnsweredAsync(
        IFrontendTransport transport, string? model, TimeProvider time, Action<string> last, CancellationToken cancellation,
        TimeSpan? patience = null)
    {
        ArgumentNullException.ThrowIfNull(transport);
        ArgumentNullException.ThrowIfNull(last);
        var pause = FirstPause;
        while (true)
        {
            if (transport.Ready is [var frontend, ..])
            {
                using var limit = new CancellationTokenSource(patience ?? AttemptLimit, time);
                using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
                try
                {
                    return await AskAsync(transport, frontend, model, time, both.Token);
                }
                catch (Exception e) when (ApiErrors.IsBroken(e) || e is JsonException or HttpFormatException)
                {
                    last(ForeignText.Line(e.Message, LongestReason));
                }
                catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
                {
                    last($"no answer within {(patience ?? AttemptLimit).TotalSeconds:0} s");
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

    private static async Task<string> AskAsync(
        IFrontendTransport transport, FrontendEndpoint frontend, string? model, TimeProvider time, CancellationToken cancellation)
    {
        var listed = await AskAsync(transport, frontend, Models, null, time, cancellation);
        var names = (listed as JsonObject)?["data"] is JsonArray data
            ? data.Select(m => (m as JsonObject)?["id"] is JsonValue id && id.TryGetValue<string>(out var name) ? name : null)
                .OfType<string>()
                .ToArray()
            : throw new JsonException($"{Models} answers JSON without a list 'data'");
        var chosen = model is null ? names.FirstOrDefault() : names.FirstOrDefault(n => n == model);
        if (chosen is null)
        {
            throw new JsonException(
                names.Length == 0 ? $"{Models} lists no model" : $"{Models} lists {string.Join(", ", names)}, not '{model}'"
            );
        }

        var body = new JsonObject
        {
            ["model"] = chosen,
            ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = "1" }),
            ["max_tokens"] = 1,
            ["stream"] = false,
        };
        await AskAsync(transport, frontend, FrontendTarget.Path, body.ToJsonString(), time, cancellation);
        return chosen;
    }

    private static async Task<JsonNode> AskAsync(
        IFrontendTransport transport,
        FrontendEndpoint frontend,
        string path,
        string? body,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        var (status, answer) = await FrontendCall.AskAsync(transport, frontend, path, body, MostBytes, time, cancellation);
        if (status != 200)
        {
            throw new JsonException($"{path} answers {status}");
        }

        try
        {
            return JsonNode.Parse(answer) ?? throw new JsonException($"{path} answers null");
        }
        catch (JsonException e) when (e.LineNumber is not null)
        {
            throw new JsonException($"{path} answers what is no JSON", e);
        }
    }
}
