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
internal sealed class TodayBackend(InstanceTable table, TodaySettings settings, FrontendMetrics metrics, TimeProvider time) : IChatBackend
{
    public bool IsOpen => table.Known.Count > 0;

    public string LabelOf(string model) => Knows(model) ? model : "unknown_model";

    public Task RefuseAsync(HttpContext context, ApiError error) => TodayErrors.AnswerAsync(context, error);

    public async Task BreakOffAsync(HttpContext context, ApiError error)
    {
        await TodayErrors.EventAsync(context, error, context.RequestAborted);
        await ServerSentEvents.DoneAsync(context, context.RequestAborted);
    }

    public async IAsyncEnumerable<GenerateEvent> GenerateAsync(ChatRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var command = new GenerateCommand(0, GenerateMode.Full, request.PromptTokens, request.Tokens, request.Stream, request.Seed, Acknowledge: true);
        ApiError? failure = null;
        var given = 0;
        for (var migrations = 0; ; migrations++)
        {
            var instance = table.Next(request.Model) ?? throw failure ?? NoneFor(request.Model);
            CheckLength(request, instance.Notice);
            await using var attempt = new Attempt(instance, command with { From = GoOnAt(given, request.Tokens) }, settings.RequestTimeout, time, cancellation);
            while (true)
            {
                (var tokens, failure) = await attempt.NextAsync();
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

            table.FoundDead(instance);
            metrics.Migration(request.Model, ongoing: given > 0);
            if (migrations >= settings.MigrationLimit)
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

    private int GoOnAt(int given, int tokens) => settings.MigratedTokens switch
    {
        MigratedTokens.Lose when given > 0 => Math.Min(given + 1, tokens),
        MigratedTokens.Double when given > 0 => given - 1,
        _ => given,
    };

    private bool Knows(string model) => table.Known.Any(instance => instance.Notice.Model == model);

    private ApiError NoneFor(string model) => Knows(model) ? TodayErrors.NotReady(model) : TodayErrors.ModelNotFound();
}
