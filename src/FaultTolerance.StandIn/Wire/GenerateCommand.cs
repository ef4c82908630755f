using System.Globalization;

namespace FaultTolerance.StandIn.Wire;

/// <summary>Which part of a request is asked for.</summary>
internal enum GenerateMode
{
    /// <summary>Prefill and decode.</summary>
    Full,

    /// <summary>Prefill only; what is generated is the cache, not tokens.</summary>
    Prefill,

    /// <summary>Decode only: the cache comes over from a prefill worker.</summary>
    Decode,
}

/// <summary>One request to an engine, as a line: <c>generate id mode promptTokens tokens stream seed from acknowledge</c>.</summary>
/// <param name="Id">Unique on its connection.</param>
/// <param name="Mode">The part asked for.</param>
/// <param name="PromptTokens">Input length.</param>
/// <param name="Tokens">Output length.</param>
/// <param name="Stream">Whether tokens are wanted as they come; otherwise the first alone and then the rest in one piece.</param>
/// <param name="Seed">Seed of the token ids.</param>
/// <param name="From">Number of the first token wanted, from 0: more than 0 for a request that another worker began.</param>
/// <param name="Acknowledge">Whether the worker says at once that it has the request.</param>
internal sealed record GenerateCommand(
    long Id, GenerateMode Mode, int PromptTokens, int Tokens, bool Stream, int Seed, int From = 0, bool Acknowledge = false)
{
    public const string Verb = "generate";

    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Verb} {Id} {(int)Mode} {PromptTokens} {Tokens} {(Stream ? 1 : 0)} {Seed} {From} {(Acknowledge ? 1 : 0)}"
        );

    /// <summary>Reads a line; throws <see cref="FormatException"/> for anything else.</summary>
    public static GenerateCommand Parse(string line)
    {
        var parts = line.Split(' ');
        if (parts is not [Verb, var id, var mode, var prompt, var tokens, var stream, var seed, var from, var acknowledge])
        {
            throw new FormatException($"not a generate line: {line}");
        }

        return new(
            long.Parse(id, CultureInfo.InvariantCulture),
            (GenerateMode)int.Parse(mode, CultureInfo.InvariantCulture),
            int.Parse(prompt, CultureInfo.InvariantCulture),
            int.Parse(tokens, CultureInfo.InvariantCulture),
            stream == "1",
            int.Parse(seed, CultureInfo.InvariantCulture),
            int.Parse(from, CultureInfo.InvariantCulture),
            acknowledge == "1");
    }
}
