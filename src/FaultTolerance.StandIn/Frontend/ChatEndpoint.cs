using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using FaultTolerance.StandIn.Hosting;
using FaultTolerance.StandIn.OpenAi;
using FaultTolerance.StandIn.Wire;
using Microsoft.AspNetCore.Http;

namespace FaultTolerance.StandIn.Frontend;

/// <summary>POST /v1/chat/completions.</summary>
internal sealed class ChatEndpoint(WorkerRegistry workers, FrontendMetrics metrics, TimeProvider time)
{
    private long _lastId;

    public async Task AnswerAsync(HttpContext context)
    {
        var start = time.GetTimestamp();
        var (model, stream, status) = ("", false, "error");
        metrics.Began();
        try
        {
            var request = ChatRequest.Parse(await BodyAsync(context.Request, context.RequestAborted));
            (model, stream) = (workers.Models.Contains(request.Model, StringComparer.Ordinal) ? request.Model : "", request.Stream);
            var writer = new ChatWriter($"chatcmpl-{Interlocked.Increment(ref _lastId)}", time.GetUtcNow().ToUnixTimeSeconds(), request);
            await (request.Stream ? StreamAsync(context, writer, start) : WholeAsync(context, writer, start));
            status = "success";
        }
        catch (ApiError error) when (!context.Response.HasStarted)
        {
            await error.AnswerAsync(context);
        }
        catch (ApiError)
        {
            // Half a stream is out: only a broken connection tells the client.
            context.Abort();
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            status = "cancelled";
        }
        finally
        {
            metrics.Ended(model, stream, status, time.GetElapsedTime(start));
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
        await foreach (var answer in GenerateAsync(writer.Request, context.RequestAborted))
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
        await foreach (var answer in GenerateAsync(writer.Request, cancellation))
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
            await EventAsync(context, json => writer.WriteChunk(json, content.ToString(), first, last: false), cancellation);
        }

        await EventAsync(context, json => writer.WriteChunk(json, null, first: false, last: true), cancellation);
        if (writer.Request.IncludeUsage)
        {
            await EventAsync(context, json => writer.WriteUsageChunk(json, tokens), cancellation);
        }

        await context.Response.Body.WriteAsync("data: [DONE]\n\n"u8.ToArray(), cancellation);
    }

    private static async Task EventAsync(HttpContext context, Action<Utf8JsonWriter> write, CancellationToken cancellation)
    {
        var buffer = new ArrayBufferWriter<byte>();
        buffer.Write("data: "u8);
        using (var json = new Utf8JsonWriter(buffer))
        {
            write(json);
        }

        buffer.Write("\n\n"u8);
        await context.Response.Body.WriteAsync(buffer.WrittenMemory, cancellation);
        await context.Response.Body.FlushAsync(cancellation);
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

    /// <summary>
    /// Tries the model's workers in turn until one has taken the request. Once it is sent, its worker's end is its own: the stand-in
    /// does not migrate requests, as the published runs did not.
    /// </summary>
    private async IAsyncEnumerable<GenerateEvent> GenerateAsync(ChatRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var command = new GenerateCommand(0, GenerateMode.Full, request.PromptTokens, request.Tokens, request.Stream, request.Seed);
        do
        {
            foreach (var link in workers.CandidatesFor(request.Model))
            {
                if (link.Client is not { } client)
                {
                    continue;
                }

                await using var answers = client.GenerateAsync(command, cancellation).GetAsyncEnumerator(cancellation);
                var taken = true;
                while (taken && await NextAsync(answers) is { } next)
                {
                    taken = next.Taken;
                    if (next.Event is { } answer)
                    {
                        yield return answer;
                    }
                    else if (taken)
                    {
                        yield break;
                    }
                }
            }
        }
        while (workers.ReadyWorkers == 0 && await workers.NextReadyAsync(cancellation));

        throw workers.Models.Count == 0 || workers.Models.Contains(request.Model, StringComparer.Ordinal)
            ? ApiError.Unavailable("no worker is ready for this model")
            : ApiError.NotFound($"the model {request.Model} does not exist");
    }

    private static async ValueTask<Step> NextAsync(IAsyncEnumerator<GenerateEvent> answers)
    {
        try
        {
            return await answers.MoveNextAsync() ? new(answers.Current, Taken: true) : new(null, Taken: true);
        }
        catch (WorkerLostException lost) when (!lost.Sent)
        {
            return new(null, Taken: false);
        }
        catch (WorkerLostException lost)
        {
            throw ApiError.Internal($"the worker was lost: {lost.Message}");
        }
        catch (GenerationFailedException failed)
        {
            throw ApiError.Internal($"the worker failed: {failed.Message}");
        }
    }

    private sealed record Step(GenerateEvent? Event, bool Taken);
}
