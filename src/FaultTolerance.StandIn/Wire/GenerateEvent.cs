using System.Collections.Immutable;
using System.Globalization;

namespace FaultTolerance.StandIn.Wire;

/// <summary>What happened to a request.</summary>
internal enum GenerateEventKind
{
    /// <summary>The worker has the request.</summary>
    Taken,
    Tokens,
    Done,
    Failed,
}

/// <summary>An answer's line: <c>taken id</c>, <c>tokens id t1 t2 ...</c>, <c>done id</c> or <c>failed id message</c>.</summary>
internal sealed record GenerateEvent(long Id, GenerateEventKind Kind, ImmutableArray<int> Tokens, string Message)
{
    public static GenerateEvent Taken(long id) => new(id, GenerateEventKind.Taken, [], "");

    public static GenerateEvent OfTokens(long id, ImmutableArray<int> tokens) => new(id, GenerateEventKind.Tokens, tokens, "");

    public static GenerateEvent Done(long id) => new(id, GenerateEventKind.Done, [], "");

    public static GenerateEvent Failed(long id, string message) => new(id, GenerateEventKind.Failed, [], message.ReplaceLineEndings(" "));

    public override string ToString() => Kind switch
    {
        GenerateEventKind.Taken => string.Create(CultureInfo.InvariantCulture, $"taken {Id}"),
        GenerateEventKind.Tokens => string.Create(CultureInfo.InvariantCulture, $"tokens {Id} {string.Join(' ', Tokens)}"),
        GenerateEventKind.Done => string.Create(CultureInfo.InvariantCulture, $"done {Id}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"failed {Id} {Message}"),
    };

    /// <summary>Reads a line; null for a line of another kind.</summary>
    public static GenerateEvent? TryParse(string line)
    {
        var parts = line.Split(' ', 3);
        if (parts.Length < 2 || !long.TryParse(parts[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var id))
        {
            return null;
        }

        return parts[0] switch
        {
            "taken" => Taken(id),
            "tokens" => OfTokens(
                id,
                parts.Length < 3 ? [] : [.. parts[2].Split(' ').Select(token => int.Parse(token, CultureInfo.InvariantCulture))]
            ),
            "done" => Done(id),
            "failed" => Failed(id, parts.Length < 3 ? "" : parts[2]),
            _ => null,
        };
    }
}
