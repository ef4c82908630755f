using FaultTolerance.StandIn.Hosting;
using FaultTolerance.StandIn.OpenAi;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace FaultTolerance.StandIn.Frontend.Today;

/// <summary>The errors of a frontend of today, with its own words: <c>{"message":…,"type":"Service Unavailable","code":503}</c>.</summary>
internal static class TodayErrors
{
    /// <summary>The frontend was told to stop.</summary>
    public static ApiError Draining() => Of(StatusCodes.Status503ServiceUnavailable, "Service is not ready", counted: false);

    /// <summary>The model's workers are known, but none of them can be asked.</summary>
    public static ApiError NotReady(string model) =>
        Of(
            StatusCodes.Status503ServiceUnavailable,
            $"Model `{model}` is not ready to serve requests yet. The deployment may still be starting up or is not fully provisioned. Please retry shortly.",
            counted: false
        );

    /// <summary>The request's worker is gone; <paramref name="reason"/> says whether it had the request.</summary>
    public static ApiError WorkerGone(string reason) =>
        new(StatusCodes.Status503ServiceUnavailable, TypeOf(StatusCodes.Status503ServiceUnavailable), "Service temporarily unavailable")
        {
            Reason = reason,
        };

    /// <summary>The worker did not say in time that it has the request.</summary>
    public static ApiError Deadline() => Of(StatusCodes.Status504GatewayTimeout, "Request deadline exceeded");

    public static ApiError ModelNotFound() => Of(StatusCodes.Status404NotFound, "Model not found");

    public static ApiError RouteNotFound(string method, string path) =>
        Of(StatusCodes.Status404NotFound, $"Route not found: {method} {path}");

    /// <summary>Prompt and output together are longer than the model's context.</summary>
    public static ApiError TooLong(int limit, int actual) =>
        new(StatusCodes.Status400BadRequest, TypeOf(StatusCodes.Status400BadRequest), "Invalid request")
        {
            ContextLength = (limit, actual),
        };

    public static Task AnswerAsync(HttpContext context, ApiError error) => HttpAnswers.JsonAsync(context, error.Status, json =>
    {
        json.WriteStartObject();
        json.WriteString("message"u8, error.Message);
        json.WriteString("type"u8, TypeOf(error.Status));
        json.WriteNumber("code"u8, error.Status);
        if (error.ContextLength is { } length)
        {
            json.WriteStartObject("details"u8);
            json.WriteString("type"u8, "context_length"u8);
            json.WriteNumber("limit"u8, length.Limit);
            json.WriteNumber("actual"u8, length.Actual);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    });

    /// <summary>The error as an event of a stream that has begun: there the type has another form.</summary>
    public static Task EventAsync(HttpContext context, ApiError error, CancellationToken cancellation) => ServerSentEvents.WriteAsync(
        context,
        json =>
        {
            json.WriteStartObject();
            json.WriteStartObject("error"u8);
            json.WriteString("message"u8, error.Message);
            json.WriteString("type"u8, TypeOf(error.Status).ToLowerInvariant().Replace(' ', '_'));
            json.WriteNumber("code"u8, error.Status);
            json.WriteEndObject();
            json.WriteEndObject();
        },
        cancellation);

    private static ApiError Of(int status, string message, bool counted = true) =>
        new(status, TypeOf(status), message) { Counted = counted };

    private static string TypeOf(int status) => ReasonPhrases.GetReasonPhrase(status);
}
