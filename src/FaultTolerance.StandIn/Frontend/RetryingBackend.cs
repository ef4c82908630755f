using System.Runtime.CompilerServices;
using FaultTolerance.StandIn.OpenAi;
using FaultTolerance.StandIn.Wire;
using Microsoft.AspNetCore.Http;

namespace FaultTolerance.StandIn.Frontend;

/// <summary>As in September 2025: errors in OpenAI's form, and a stream that breaks has no last word.</summary>
internal sealed class RetryingBackend(WorkerRegistry workers) : IChatBackend
{
    public bool IsOpen => true;

    public string LabelOf(string model) => workers.Models.Contains(model, StringComparer.Ordinal) ? model : "";

    public Task RefuseAsync(HttpContext context, ApiError error) => error.AnswerAsync(context);

    /// <summary>Half a stream is out: only a broken connection tells the client.</summary>
    public Task BreakOffAsync(HttpContext context, ApiError error)
    {
        context.Abort();
        return Task.CompletedTask;
    }

    /// <summary>
    /// Tries the model's workers in turn until one has taken the request. Once it is sent, its worker's end is its own: requests are not
    /// migrated, as the published runs did not.
    /// </summary>
    public async IAsyncEnumerable<GenerateEvent> GenerateAsync(ChatRequest request, [EnumeratorCancellation] CancellationToken cancellation)
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

                if (link.Ready?.ContextLength is { } limit && request.PromptTokens + request.Tokens > limit)
                {
                    throw ApiError.TooLong(limit, request.PromptTokens, request.Tokens);
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
