using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace FaultTolerance.StandIn.Hosting;

/// <summary>Answers that every server here gives.</summary>
internal static class HttpAnswers
{
    /// <summary>No escapes beyond what JSON needs, as upstream writes its answers.</summary>
    public static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Task TextAsync(HttpContext context, string text, string contentType = "text/plain; charset=utf-8") =>
        BytesAsync(context, StatusCodes.Status200OK, contentType, Encoding.UTF8.GetBytes(text));

    public static Task JsonAsync(HttpContext context, int status, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Plain))
        {
            write(json);
        }

        return BytesAsync(context, status, "application/json", buffer.WrittenMemory);
    }

    private static async Task BytesAsync(HttpContext context, int status, string contentType, ReadOnlyMemory<byte> body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = contentType;
        context.Response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await context.Response.Body.WriteAsync(body, context.RequestAborted);
        }
    }
}
