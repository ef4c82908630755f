using FaultTolerance.StandIn.Hosting;
using FaultTolerance.StandIn.Metrics;
using FaultTolerance.StandIn.OpenAi;
using Microsoft.AspNetCore.Http;

namespace FaultTolerance.StandIn.Frontend;

/// <summary>The frontend's paths.</summary>
internal sealed class FrontendRoutes(WorkerRegistry workers, FrontendMetrics metrics, TimeProvider time)
{
    private readonly ChatEndpoint _chat = new(new RetryingBackend(workers), metrics, time);
    private readonly long _started = time.GetUtcNow().ToUnixTimeSeconds();

    public Task AnswerAsync(HttpContext context)
    {
        var method = context.Request.Method;
        // The reference suite's clients write two slashes before v1.
        var path = $"/{context.Request.Path.Value?.TrimStart('/')}";
        return (path, HttpMethods.IsPost(method), HttpMethods.IsGet(method) || HttpMethods.IsHead(method)) switch
        {
            ("/v1/chat/completions", true, _) => _chat.AnswerAsync(context),
            ("/v1/models", _, true) => ModelsAsync(context),
            ("/health", _, true) => HealthAsync(context),
            ("/live", _, true) => StatusAsync(context, "live"),
            ("/metrics", _, true) => HttpAnswers.TextAsync(context, metrics.Registry.ToString(), MetricRegistry.ContentType),
            ("/v1/chat/completions" or "/v1/models" or "/health" or "/live" or "/metrics", _, _) => new ApiError(
                StatusCodes.Status405MethodNotAllowed,
                "invalid_request_error",
                $"{path} does not take {method}"
            ).AnswerAsync(context),
            _ => ApiError.NotFound($"no path {path}").AnswerAsync(context),
        };
    }

    private static Task StatusAsync(HttpContext context, string status) => HttpAnswers.JsonAsync(context, StatusCodes.Status200OK, json =>
    {
        json.WriteStartObject();
        json.WriteString("status"u8, status);
        json.WriteEndObject();
    });

    /// <summary>
    /// 503 until a first worker has been found, so that no traffic comes to a frontend that has just started and would refuse it; 200 from
    /// then on, with or without workers: a frontend that has lost them is itself in order, and its clients are to get its own 503.
    /// </summary>
    private Task HealthAsync(HttpContext context) => HttpAnswers.JsonAsync(
        context, workers.HasFoundOne ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable, json =>
    {
        json.WriteStartObject();
        json.WriteString("status"u8, workers.HasFoundOne ? "healthy"u8 : "starting"u8);
        json.WriteNumber("workers"u8, workers.ReadyWorkers);
        json.WriteStartArray("models"u8);
        foreach (var model in workers.Models)
        {
            json.WriteStringValue(model);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });

    private Task ModelsAsync(HttpContext context) =>
        ModelList.AnswerAsync(context, workers.Models.Select(model => new ListedModel(model, _started, "stand-in")));
}
