using System.Collections.Immutable;
using FaultTolerance.StandIn.Hosting;
using FaultTolerance.StandIn.Wire;

namespace FaultTolerance.StandIn.EngineCore;

/// <summary>
/// Takes the time that an engine takes: prefill, transfer of the cache, and then a token at a time. Every token has a due time from
/// the start of decoding on, so that late timers do not add up; tokens that are due together go out together.
/// </summary>
internal sealed class TokenEngine(StandInSettings settings, Jitter jitter, TimeProvider time) : IDisposable
{
    /// <summary>Number of different token ids; ids are below it.</summary>
    public const int VocabularySize = 1024;

    // Timers count in whole milliseconds: shorter steps would wake the process for one token each.
    private static readonly TimeSpan ShortestStep = TimeSpan.FromMilliseconds(4);
    private readonly SemaphoreSlim _slots = new(settings.MaximumRunning, settings.MaximumRunning);

    /// <summary>Runs one request; gives the tokens to <paramref name="send"/> when they are due.</summary>
    public async Task RunAsync(GenerateCommand command, Func<GenerateEvent, ValueTask> send, CancellationToken cancellation)
    {
        await _slots.WaitAsync(cancellation);
        try
        {
            var ahead = command.Mode switch
            {
                GenerateMode.Decode => jitter.Spread(settings.Transfer),
                _ => jitter.Spread(settings.Prefill),
            };
            var start = time.GetTimestamp();
            await UntilAsync(start, ahead, cancellation);
            if (command.Mode != GenerateMode.Prefill)
            {
                await DecodeAsync(command, start, ahead, jitter.Spread(settings.Token), send, cancellation);
            }
        }
        finally
        {
            _slots.Release();
        }
    }

    public void Dispose() => _slots.Dispose();

    private async Task DecodeAsync(
        GenerateCommand command,
        long start,
        TimeSpan firstAt,
        TimeSpan gap,
        Func<GenerateEvent, ValueTask> send,
        CancellationToken cancellation
    )
    {
        var random = new Random(command.Seed);
        var wanted = command.Tokens - command.From;
        for (var skipped = 0; skipped < command.From; skipped++)
        {
            // The worker that goes on with another's request gives what that one would have given.
            _ = random.Next(VocabularySize);
        }

        var sent = 0;
        while (sent < wanted)
        {
            var due = gap <= TimeSpan.Zero
                ? wanted
                : (int)Math.Min(wanted, 1 + Math.Max(0, Math.Floor((time.GetElapsedTime(start) - firstAt) / gap)));
            if (due > sent)
            {
                var tokens = Enumerable.Range(0, due - sent).Select(_ => random.Next(VocabularySize)).ToImmutableArray();
                await send(GenerateEvent.OfTokens(command.Id, tokens));
                sent = due;
                continue;
            }

            var next = command.Stream ? Math.Min(wanted, sent + (int)Math.Max(1, Math.Ceiling(ShortestStep / gap))) : wanted;
            await UntilAsync(start, firstAt + (gap * (next - 1)), cancellation);
        }
    }

    private async Task UntilAsync(long start, TimeSpan at, CancellationToken cancellation)
    {
        for (var left = at - time.GetElapsedTime(start); left > TimeSpan.Zero; left = at - time.GetElapsedTime(start))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)), time, cancellation);
        }
    }
}
