using System.Collections.Immutable;
using FaultTolerance.Artefacts.ClientLogs;
using FaultTolerance.Scenarios;
using FaultTolerance.Scenarios.Work;

namespace FaultTolerance.Load.Work;

/// <summary>Prompts of a file, in its order: its lines are dealt to the clients in turn, from its begin again after its end.</summary>
internal sealed class PromptWork(LoadSpec spec, ImmutableArray<PromptLine> lines) : IWork
{
    private readonly DrawnWork _lengths = new(spec);

    /// <inheritdoc/>
    public int MostOutputTokens { get; } = Math.Max(
        spec.OutputLengths?.Most ?? spec.OutputTokens, lines.Max(line => line.MaxTokens) ?? 1);

    /// <inheritdoc/>
    public AskedWork Of(int client, long number)
    {
        var line = Line(client, number);
        return new AskedWork(line.MaxTokens ?? _lengths.OutputOf(client, number)) { Line = line.Line };
    }

    /// <inheritdoc/>
    public void WritePrompt(ByteBuffer to, int client, long number, AskedWork asked)
    {
        ArgumentNullException.ThrowIfNull(to);
        to.Append(Line(client, number).Json.Span);
    }

    private PromptLine Line(int client, long number) => lines[(int)(((number * spec.Clients) + client) % lines.Length)];
}
