using FaultTolerance.StandIn.Hosting;
using Microsoft.AspNetCore.Http;

namespace FaultTolerance.StandIn.OpenAi;

/// <summary>An error in OpenAI's form.</summary>
internal sealed class ApiError(int status, string type, string message) : Exception(message)
{
    public int Status { get; } = status;

    public string Type { get; } = type;

    /// <summary>Whether it counts as an answer of the model; not where no worker could be asked at all.</summary>
    public bool Counted { get; init; } = true;

    /// <summary>The reason's name in <c>dynamo_frontend_failures_total</c>.</summary>
    public string Reason { get; init; } = status switch
    {
        StatusCodes.Status400BadRequest or StatusCodes.Status405MethodNotAllowed => "request.invalid",
        StatusCodes.Status404NotFound => "request.not_found",
        StatusCodes.Status503ServiceUnavailable => "backend.unavailable",
        StatusCodes.Status504GatewayTimeout => "transport.connection_timeout",
        _ => "internal",
    };

    /// <summary>The limit and the length asked for, where a request is longer than the model's context.</summary>
    public (int Limit, int Actual)? ContextLength { get; init; }

    /// <summary>The class's name in <c>dynamo_frontend_failures_total</c>.</summary>
    public string Class => Status switch
    {
        StatusCodes.Status400BadRequest or StatusCodes.Status405MethodNotAllowed => "InvalidRequest",
        StatusCodes.Status404NotFound => "NotFound",
        StatusCodes.Status503ServiceUnavailable => "Unavailable",
        StatusCodes.Status504GatewayTimeout => "DeadlineExceeded",
        _ => "Internal",
    };

    /// <summary>The value of the label error_type.</summary>
    public string Label => Status switch
    {
        StatusCodes.Status400BadRequest => "validation",
        StatusCodes.Status404NotFound => "not_found",
        StatusCodes.Status503ServiceUnavailable => "unavailable",
        _ => "internal",
    };

    public static ApiError BadRequest(string message) => new(StatusCodes.Status400BadRequest, "invalid_request_error", message);

    public static ApiError NotFound(string message) => new(StatusCodes.Status404NotFound, "not_found_error", message);

    public static ApiError Unavailable(string message) => new(StatusCodes.Status503ServiceUnavailable, "service_unavailable", message);

    public static ApiError Internal(string message) => new(StatusCodes.Status500InternalServerError, "internal_server_error", message);

    /// <summary>Prompt and output together are longer than the model's context; vLLM's words.</summary>
    public static ApiError TooLong(int limit, int prompt, int output) => BadRequest(
        $"This model's maximum context length is {limit} tokens. However, you requested {prompt + output} tokens "
        + $"({prompt} in the messages, {output} in the completion). Please reduce the length of the messages or completion.");

    public Task AnswerAsync(HttpContext context) => HttpAnswers.JsonAsync(context, Status, json =>
    {
        json.WriteStartObject();
        json.WriteStartObject("error"u8);
        json.WriteString("message"u8, Message);
        json.WriteString("type"u8, Type);
        json.WriteNull("param"u8);
        json.WriteNumber("code"u8, Status);
        json.WriteEndObject();
        json.WriteEndObject();
    });
}
