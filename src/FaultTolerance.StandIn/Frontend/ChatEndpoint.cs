using System.Buffers;
using System.Text;
using FaultTolerance.StandIn.Hosting;
using FaultTolerance.StandIn.OpenAi;
using FaultTolerance.StandIn.Wire;
using Microsoft.AspNetCore.Http;

namespace FaultTolerance.StandIn.Frontend;

/// <summary>POST /v1/chat/completions.</summary>
internal sealed class ChatEndpoint(IChatBackend backend, FrontendMetrics metrics, TimeProvider time)
{
    private long _lastId;

    public async Task AnswerAsync(HttpContext context)
    {
        if (!backend.IsOpen)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        metrics.InFlight.Begin();
        try
        {
            var body = await BodyAsync(context.Request, context.RequestAborted);
            await AnswerAsync(context, ChatRequest.Parse(body));
        }
        catch (ApiError error)
        {
            // What cannot be read is no request of a model: it is counted as a failure only.
            metrics.Failed(error);
            await backend.RefuseAsync(context, error);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client went before its request was there.
        }
        finally
        {
            metrics.InFlight.End();
        }
    }

    private async Task AnswerAsync(HttpContext context, ChatRequest request)
    {
        var start = time.GetTimestamp();
        var model = backend.LabelOf(request.Model);
        try
        {
            var writer = new ChatWriter($"chatcmpl-{Interlocked.Increment(ref _lastId)}", time.GetUtcNow().ToUnixTimeSeconds(), request);
            await (request.Stream ? StreamAsync(context, writer, start) : WholeAsync(context, writer, start));
            metrics.Answered(model, request.Stream, "", time.GetElapsedTime(start));
        }
        catch (ApiError error)
        {
            metrics.Failed(error);
            if (error.Counted)
            {
                metrics.Answered(model, request.Stream, error.Label, time.GetElapsedTime(start));
            }

            await (context.Response.HasStarted ? backend.BreakOffAsync(context, error) : backend.RefuseAsync(context, error));
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            metrics.Answered(model, request.Stream, "cancelled", time.GetElapsedTime(start));
            metrics.Cancelled(model, request.Stream);
        }
    }

    private static async Task<ReadOnlyMemory<byte>> BodyAsync(HttpRequest request, CancellationToken cancellation)
    {
        try
        {
            var body = new ArrayBufferWriter<byte>((int)Math.Clamp(request.ContentLength ?? 1024, 256, 1 << 20));
            while (await request.Body.ReadAsync(body.GetMemory(), cancellation) is > 0 and var read)
            {
                body.Advance(read);
            }

            return body.WrittenMemory;
        }
        catch (BadHttpRequestException malformed)
        {
            throw ApiError.BadRequest(malformed.Message);
        }
    }

    private async Task WholeAsync(HttpContext context, ChatWriter writer, long start)
    {
        var content = new StringBuilder();
        var tokens = 0;
        await foreach (var answer in backend.GenerateAsync(writer.Request, context.RequestAborted))
        {
            Observe(start, tokens);
            tokens = Append(content, answer, tokens);
        }

        await HttpAnswers.JsonAsync(context, StatusCodes.Status200OK, json => writer.WriteCompletion(json, content.ToString(), tokens));
    }

    private async Task StreamAsync(HttpContext context, ChatWriter writer, long start)
    {
        var cancellation = context.RequestAborted;
        var content = new StringBuilder();
        var tokens = 0;
        await foreach (var answer in backend.GenerateAsync(writer.Request, cancellation))
        {
            Observe(start, tokens);
            var first = tokens == 0;
            if (first)
            {
                context.Response.ContentType = "text/event-stream";
                context.Response.Headers.CacheControl = "no-cache";
            }

            content.Clear();
            tokens = Append(content, answer, tokens);
            await ServerSentEvents.WriteAsync(
                context,
                json => writer.WriteChunk(json, content.ToString(), first, last: false),
                cancellation
            );
        }

        await ServerSentEvents.WriteAsync(context, json => writer.WriteChunk(json, null, first: false, last: true), cancellation);
        if (writer.Request.IncludeUsage)
        {
            await ServerSentEvents.WriteAsync(context, json => writer.WriteUsageChunk(json, tokens), cancellation);
        }

        await ServerSentEvents.DoneAsync(context, cancellation);
    }

    private static int Append(StringBuilder content, GenerateEvent answer, int tokens)
    {
        foreach (var token in answer.Tokens)
        {
            Vocabulary.Append(content, token, first: tokens++ == 0);
        }

        return tokens;
    }

    private void Observe(long start, int tokensBefore)
    {
        if (tokensBefore == 0)
        {
            metrics.FirstToken(time.GetElapsedTime(start));
        }
    }
}
