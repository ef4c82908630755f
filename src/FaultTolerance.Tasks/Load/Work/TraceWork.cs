using System.Collections.Immutable;
using FaultTolerance.Artefacts.ClientLogs;
using FaultTolerance.Load.OpenLoop;
using FaultTolerance.Scenarios;
using FaultTolerance.Scenarios.Work;

namespace FaultTolerance.Load.Work;

/// <summary>
/// Requests of a trace, each at its time and of its lengths. Where it has ids of blocks, prompts that share an id share the words of that
/// block; all other words are a request's own.
/// </summary>
internal sealed class TraceWork(LoadSpec spec, ImmutableArray<TraceLine> lines) : IWork
{
    /// <inheritdoc/>
    public int MostOutputTokens { get; } = lines.Max(line => line.OutputLength);

    /// <inheritdoc/>
    public IArrivals Arrivals() => new TraceArrivals(
        [.. lines.Select(line => (line.Milliseconds - lines[0].Milliseconds) / 1000 / (spec.Trace?.Speed ?? 1))]);

    /// <inheritdoc/>
    public AskedWork Of(int client, long number)
    {
        var line = Line(client, number);
        return new AskedWork(line.OutputLength) { Words = line.InputLength, Line = line.Line };
    }

    /// <inheritdoc/>
    public void WritePrompt(ByteBuffer to, int client, long number, AskedWork asked)
    {
        ArgumentNullException.ThrowIfNull(to);
        var line = Line(client, number);
        PromptText.Begin(to, spec.Api);
        var left = line.InputLength;
        foreach (var block in line.Blocks)
        {
            var words = Math.Min(left, TraceFile.BlockTokens);
            PromptWords.Append(to, words, SeededDraws.Of(spec.Seed, DrawsFor.Block, 0, block).Next());
            left -= words;
            if (left > 0)
            {
                to.Append((byte)' ');
            }
        }

        PromptWords.Append(to, left, SeededDraws.Of(spec.Seed, DrawsFor.Words, client, number).Next());
        PromptText.End(to, spec.Api);
    }

    private TraceLine Line(int client, long number) => lines[(int)(((number * spec.Clients) + client) % lines.Length)];
}
