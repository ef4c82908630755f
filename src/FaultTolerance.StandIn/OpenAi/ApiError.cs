using FaultTolerance.StandIn.Hosting;
using Microsoft.AspNetCore.Http;

namespace FaultTolerance.StandIn.OpenAi;

/// <summary>An error in OpenAI's form.</summary>
internal sealed class ApiError(int status, string type, string message) : Exception(message)
{
    public int Status { get; } = status;

    public string Type { get; } = type;

    public static ApiError BadRequest(string message) => new(StatusCodes.Status400BadRequest, "invalid_request_error", message);

    public static ApiError NotFound(string message) => new(StatusCodes.Status404NotFound, "not_found_error", message);

    public static ApiError Unavailable(string message) => new(StatusCodes.Status503ServiceUnavailable, "service_unavailable", message);

    public static ApiError Internal(string message) => new(StatusCodes.Status500InternalServerError, "internal_server_error", message);

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
