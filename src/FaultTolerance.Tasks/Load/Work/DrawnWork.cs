using FaultTolerance.Artefacts.ClientLogs;
using FaultTolerance.Scenarios;
using FaultTolerance.Scenarios.Work;

namespace FaultTolerance.Load.Work;

/// <summary>
/// Prompts of words, whose lengths are drawn; before them, where that is asked, a prefix that requests share (a message of the system where
/// they chat).
/// </summary>
internal sealed class DrawnWork(LoadSpec spec) : IWork
{
    private readonly LengthSpec _input = spec.InputLengths ?? LengthSpec.Fixed(spec.InputTokens);
    private readonly LengthSpec _output = spec.OutputLengths ?? LengthSpec.Fixed(spec.OutputTokens);

    /// <inheritdoc/>
    public int MostOutputTokens => _output.Most;

    /// <inheritdoc/>
    public AskedWork Of(int client, long number)
    {
        var input = SeededDraws.Of(spec.Seed, DrawsFor.InputLength, client, number);
        var words = Lengths.Draw(_input, ref input);
        var turns = spec.Sessions?.Turns ?? 1;
        return new AskedWork(OutputOf(client, number))
        {
            Words = words,
            Prefix = PrefixOf(client, number / turns),
            Session = turns > 1 ? (number / turns) + 1 : 0,
            Turn = turns > 1 ? (int)(number % turns) + 1 : 0,
        };
    }

    /// <summary>The output tokens that a request asks for.</summary>
    public int OutputOf(int client, long number)
    {
        var output = SeededDraws.Of(spec.Seed, DrawsFor.OutputLength, client, number);
        return Lengths.Draw(_output, ref output);
    }

    // All turns of a session have one.
    private int PrefixOf(int client, long session)
    {
        var draws = SeededDraws.Of(spec.Seed, DrawsFor.Prefix, client, session);
        return spec.SharedPrefix is { } prefix ? 1 + (int)(draws.NextDouble() * prefix.Groups) : 0;
    }

    /// <inheritdoc/>
    public void WritePrompt(ByteBuffer to, int client, long number, AskedWork asked)
    {
        ArgumentNullException.ThrowIfNull(to);
        PromptText.Begin(to, spec.Api);
        if (asked.Prefix > 0 && spec.Api == Api.Completions)
        {
            WritePrefix(to, asked);
            to.Append((byte)' ');
        }

        PromptWords.Append(to, asked.Words, SeededDraws.Of(spec.Seed, DrawsFor.Words, client, number).Next());
        PromptText.End(to, spec.Api);
    }

    /// <inheritdoc/>
    public void WriteSystem(ByteBuffer to, AskedWork asked)
    {
        ArgumentNullException.ThrowIfNull(to);
        if (asked.Prefix > 0)
        {
            to.Append("{\"role\": \"system\", \"content\": \""u8);
            WritePrefix(to, asked);
            to.Append("\"}, "u8);
        }
    }

    private void WritePrefix(ByteBuffer to, AskedWork asked) =>
        PromptWords.Append(to, spec.SharedPrefix!.Tokens, SeededDraws.Of(spec.Seed, DrawsFor.PrefixWords, 0, asked.Prefix).Next());
}
