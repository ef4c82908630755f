using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace FaultTolerance.StandIn.Hosting;

/// <summary>Events of a stream, each sent at once.</summary>
internal static class ServerSentEvents
{
    public static async Task WriteAsync(HttpContext context, Action<Utf8JsonWriter> write, CancellationToken cancellation)
    {
        var buffer = new ArrayBufferWriter<byte>();
        buffer.Write("data: "u8);
        using (var json = new Utf8JsonWriter(buffer, HttpAnswers.Plain))
        {
            write(json);
        }

        buffer.Write("\n\n"u8);
        await context.Response.Body.WriteAsync(buffer.WrittenMemory, cancellation);
        await context.Response.Body.FlushAsync(cancellation);
    }

    /// <summary>The stream's last word.</summary>
    public static Task DoneAsync(HttpContext context, CancellationToken cancellation) =>
        context.Response.Body.WriteAsync("data: [DONE]\n\n"u8.ToArray(), cancellation).AsTask();
}
