using System.Runtime.CompilerServices;
using FaultTolerance.StandIn.Hosting;
using FaultTolerance.StandIn.OpenAi;
using FaultTolerance.StandIn.Wire;
using Microsoft.AspNetCore.Http;

namespace FaultTolerance.StandIn.Frontend.Today;

/// <summary>
/// As a frontend of today: workers in turn, and a request whose worker fails goes on on another one as often as the migration limit
/// allows, with the tokens that it has. Otherwise, and where none is left, the client is told.
/// </summary>
internal sealed class TodayBackend(
    InstanceTable table, TodaySettings settings, FrontendMetrics metrics, ConsoleLog log, TimeProvider time) : IChatBackend
{
    public bool IsOpen => table.Decode.Any();

    public string LabelOf(string model) => Knows(model) ? model : "unknown_model";

    public Task RefuseAsync(HttpContext context, ApiError error) => TodayErrors.AnswerAsync(context, error);

    public async Task BreakOffAsync(HttpContext context, ApiError error)
    {
        await TodayErrors.EventAsync(context, error, context.RequestAborted);
        await ServerSentEvents.DoneAsync(context, context.RequestAborted);
    }

    public async IAsyncEnumerable<GenerateEvent> GenerateAsync(ChatRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var command = new GenerateCommand(
            0,
            GenerateMode.Full,
            request.PromptTokens,
            request.Tokens,
            request.Stream,
            request.Seed,
            Acknowledge: true
        );
        ApiError? failure = null;
        var given = 0;
        for (var migrations = 0; ;)
        {
            var instance = table.Next(WorkerRole.Decode, request.Model) ?? throw failure ?? NoneFor(request.Model);
            CheckLength(request, instance.Notice);
            if (instance.Notice.NeedsPrefill && NoPrefill(request.Model) is { } without)
            {
                failure = without;
                if (!without.Counted)
                {
                    throw failure;
                }

                metrics.Migration(request.Model, ongoing: false);
                if (++migrations > settings.MigrationLimit)
                {
                    throw failure;
                }

                continue;
            }

            var from = GoOnAt(given, request.Tokens);
            var isMoved = given > 0;
            await using var attempt = new Attempt(
                instance,
                command with
                {
                    From = from,
                },
                settings.RequestTimeout,
                time,
                cancellation
            );
            while (true)
            {
                (var tokens, failure) = await attempt.NextAsync();
                if (isMoved && failure is null)
                {
                    isMoved = false;
                    TellMove(given, from, request.Tokens);
                }

                if (tokens is null)
                {
                    break;
                }

                given += tokens.Tokens.Length;
                yield return tokens;
            }

            if (failure is null)
            {
                yield break;
            }

            if (attempt.FoundDead)
            {
                table.FoundDead(instance);
            }

            metrics.Migration(request.Model, ongoing: given > 0);
            if (++migrations > settings.MigrationLimit)
            {
                throw failure;
            }
        }
    }

    private static void CheckLength(ChatRequest request, ReadyNotice notice)
    {
        if (notice.ContextLength is { } limit && request.PromptTokens + request.Tokens > limit)
        {
            throw TodayErrors.TooLong(limit, request.PromptTokens + request.Tokens);
        }
    }

    /// <summary>
    /// Why there is no prefill for the request; null where there is. A dead prefill worker fails each request until it is forgotten.
    /// </summary>
    private ApiError? NoPrefill(string model)
    {
        if (!table.KnowsPrefill(model))
        {
            return TodayErrors.NotReady(model);
        }

        if (table.Next(WorkerRole.Prefill, model) is not { } prefill)
        {
            return TodayErrors.WorkerGone("backend.unavailable");
        }

        if (!prefill.Client.IsClosed)
        {
            return null;
        }

        table.FoundDead(prefill);
        return TodayErrors.WorkerGone("transport.cannot_connect");
    }

    // Told when the other worker gives what comes next: one that fails too has changed nothing.
    private void TellMove(int given, int from, int tokens) => log.Warn(
        "dynamo_llm::migration",
        $"stream goes on on another worker: {given} of {tokens} tokens given, next is {from}, "
        + $"lost {Math.Max(0, from - given)}, doubled {Math.Max(0, given - from)}");

    private int GoOnAt(int given, int tokens) => settings.MigratedTokens switch
    {
        MigratedTokens.Lose when given > 0 => Math.Min(given + 1, tokens),
        MigratedTokens.Double when given > 0 => given - 1,
        _ => given,
    };

    private bool Knows(string model) => table.Decode.Any(instance => instance.Notice.Model == model);

    private ApiError NoneFor(string model) => Knows(model) ? TodayErrors.NotReady(model) : TodayErrors.ModelNotFound();
}
