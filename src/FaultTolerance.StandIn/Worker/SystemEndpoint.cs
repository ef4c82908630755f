using FaultTolerance.StandIn.Hosting;
using FaultTolerance.StandIn.Metrics;
using Microsoft.AspNetCore.Http;

namespace FaultTolerance.StandIn.Worker;

/// <summary>A worker's system port: /live from the start, /health when it takes requests, /metrics.</summary>
internal sealed class SystemEndpoint(WorkerOptions options, Func<bool> isReady, MetricRegistry metrics)
{
    private volatile bool _withdrawn;

    /// <summary>From now on /health says not ready, whatever the worker still does.</summary>
    public void Withdraw() => _withdrawn = true;

    public Task AnswerAsync(HttpContext context) => context.Request.Path.Value switch
    {
        "/live" => HttpAnswers.JsonAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteString("status"u8, "live"u8);
            json.WriteEndObject();
        }),
        "/health" => HealthAsync(context),
        "/metrics" => HttpAnswers.TextAsync(context, metrics.ToString(), MetricRegistry.ContentType),
        _ => HttpAnswers.JsonAsync(context, StatusCodes.Status404NotFound, json =>
        {
            json.WriteStartObject();
            json.WriteString("message"u8, "no such path"u8);
            json.WriteEndObject();
        }),
    };

    private Task HealthAsync(HttpContext context)
    {
        var ready = isReady() && !_withdrawn;
        return HttpAnswers.JsonAsync(context, ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable, json =>
        {
            json.WriteStartObject();
            json.WriteString("status"u8, ready ? "ready" : "notready");
            json.WriteStartObject("endpoints"u8);
            json.WriteString("generate"u8, ready ? "ready" : "notready");
            json.WriteEndObject();
            json.WriteString("model"u8, options.Model);
            json.WriteEndObject();
        });
    }
}
