using FaultTolerance.StandIn.Hosting;
using FaultTolerance.StandIn.Metrics;
using FaultTolerance.StandIn.OpenAi;
using FaultTolerance.StandIn.Wire;
using Microsoft.AspNetCore.Http;

namespace FaultTolerance.StandIn.Frontend.Today;

/// <summary>The paths of a frontend of today. A path is taken as it is written: two slashes before v1 are another path.</summary>
internal sealed class TodayRoutes(
    TodayBackend backend,
    InstanceTable table,
    FrontendMetrics metrics,
    StandInSettings settings,
    TimeProvider time
)
{
    private const string Chat = "/v1/chat/completions";
    private readonly ChatEndpoint _chat = new(backend, metrics, time);
    private volatile bool _draining;

    /// <summary>From now on everything but /live and /metrics is refused; what is under way is finished.</summary>
    public void Drain() => _draining = true;

    public Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "";
        var get = HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method);
        return (path, get) switch
        {
            ("/live", true) => LiveAsync(context),
            ("/metrics", true) => HttpAnswers.TextAsync(context, metrics.Registry.ToString(), MetricRegistry.ContentType),
            ("/health", true) => _draining ? DrainingAsync(context) : HealthAsync(context),
            (Chat or "/v1/models", _) when _draining => TodayErrors.AnswerAsync(context, TodayErrors.Draining()),
            (Chat, _) when HttpMethods.IsPost(context.Request.Method) => _chat.AnswerAsync(context),
            ("/v1/models", true) => ModelsAsync(context),
            (Chat or "/v1/models" or "/health" or "/live" or "/metrics", _) => OtherMethodAsync(
                context,
                path == Chat ? "POST" : "GET,HEAD"
            ),
            _ => TodayErrors.AnswerAsync(context, TodayErrors.RouteNotFound(context.Request.Method, path)),
        };
    }

    private static string ComponentOf(Instance instance) => instance.Notice.Role == WorkerRole.Prefill ? "prefill" : "backend";

    private static Task OtherMethodAsync(HttpContext context, string allowed)
    {
        context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
        context.Response.Headers.Allow = allowed;
        return Task.CompletedTask;
    }

    private static Task LiveAsync(HttpContext context) => HttpAnswers.JsonAsync(context, StatusCodes.Status200OK, json =>
    {
        json.WriteStartObject();
        json.WriteString("status"u8, "live"u8);
        json.WriteString("message"u8, "Service is live"u8);
        json.WriteEndObject();
    });

    private static Task DrainingAsync(HttpContext context) =>
        HttpAnswers.JsonAsync(context, StatusCodes.Status503ServiceUnavailable, json =>
        {
            json.WriteStartObject();
            json.WriteString("status"u8, "not_ready"u8);
            json.WriteString("stage"u8, "draining"u8);
            json.WriteString("message"u8, "Service is not ready"u8);
            json.WriteEndObject();
        });

    private Task HealthAsync(HttpContext context) => HttpAnswers.JsonAsync(context, StatusCodes.Status200OK, json =>
    {
        var known = table.Known.Where(static instance => !instance.Leaving).ToList();
        var dynamoNamespace = settings.DynamoNamespace ?? "dynamo";
        json.WriteStartObject();
        json.WriteString("status"u8, "healthy"u8);
        json.WriteStartArray("endpoints"u8);
        foreach (var component in known.Select(ComponentOf).Distinct(StringComparer.Ordinal))
        {
            json.WriteStringValue($"dyn://{dynamoNamespace}.{component}.generate");
        }

        json.WriteEndArray();
        json.WriteStartArray("instances"u8);
        foreach (var instance in known)
        {
            json.WriteStartObject();
            json.WriteString("component"u8, ComponentOf(instance));
            json.WriteString("endpoint"u8, "generate"u8);
            json.WriteString("namespace"u8, dynamoNamespace);
            json.WriteNumber("instance_id"u8, instance.Id);
            json.WriteString("pod"u8, instance.Notice.Pod);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });

    private Task ModelsAsync(HttpContext context) => ModelList.AnswerAsync(context, table.Models.Select(model => new ListedModel(
        model, time.GetUtcNow().ToUnixTimeSeconds(), "nvidia",
        table.Decode.FirstOrDefault(instance => instance.Notice.Model == model)?.Notice.ContextLength ?? 0)));
}
