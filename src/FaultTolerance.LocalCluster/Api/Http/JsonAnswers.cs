using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Api.Resources;
using Microsoft.AspNetCore.Http;

namespace FaultTolerance.LocalCluster.Api.Http;

/// <summary>Writes JSON answers.</summary>
internal static class JsonAnswers
{
    private static readonly JsonWriterOptions Writer = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    /// <summary>Answers with a value.</summary>
    public static async Task AnswerAsync(this HttpResponse response, JsonNode value, int status = 200)
    {
        response.StatusCode = status;
        response.ContentType = "application/json";
        Write(response.BodyWriter, value);
        await response.BodyWriter.FlushAsync(response.HttpContext.RequestAborted);
    }

    /// <summary>Writes a value without flushing.</summary>
    public static void Write(IBufferWriter<byte> target, JsonNode value)
    {
        using var writer = new Utf8JsonWriter(target, Writer);
        value.WriteTo(writer);
    }

    /// <summary>
    /// Writes a stored object as a version presents it, without parsing it: kind and apiVersion go in front of its members.
    /// </summary>
    public static void WriteStored(IBufferWriter<byte> target, Resource resource, byte[] json)
    {
        target.Write("{\"kind\":\""u8);
        target.Write(System.Text.Encoding.UTF8.GetBytes(resource.Kind));
        target.Write("\",\"apiVersion\":\""u8);
        target.Write(System.Text.Encoding.UTF8.GetBytes(resource.ApiVersion));
        target.Write("\","u8);
        target.Write(json.AsSpan(1));
    }
}
