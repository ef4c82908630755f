using System.Collections.Immutable;
using System.Text;

namespace FaultTolerance.StandIn.TinyModel;

/// <summary>
/// The vocabulary of the tiny model, made by rule: three special tokens, GPT-2's letters for the 256 bytes, a blank and a letter, all pairs
/// of letters, pairs and a letter, until it is full. A vocabulary below 2,000 gives answers without text, since the ids that a mocker draws
/// are then not in it.
/// </summary>
internal static class Tokens
{
    /// <summary>How many there are.</summary>
    public const int Count = 4096;

    public const string EndOfText = "<|endoftext|>";
    public const string Start = "<|im_start|>";
    public const string End = "<|im_end|>";

    private const int Bytes = 256;

    /// <summary>How a blank is written in the vocabulary.</summary>
    private const char Blank = '\u0120';

    // In the order of their number in English text, so that the commonest words have the fewest tokens.
    private const string Letters = "etaoinshrdlcumwfgypbvkjxqz";

    /// <summary>The special ones; their place is their id.</summary>
    public static ImmutableArray<string> Special { get; } = [EndOfText, Start, End];

    /// <summary>The pairs that become one token, in the order in which that is done.</summary>
    public static ImmutableArray<(string Left, string Right)> Merges { get; } =
        [.. All().Take(Count - Special.Length - Bytes)];

    /// <summary>All tokens; their place is their id.</summary>
    public static IEnumerable<string> Vocabulary =>
        Special.Concat(ByteLetters.ToCharArray().Select(letter => letter.ToString())).Concat(Merges.Select(pair => pair.Left + pair.Right));

    /// <summary>A letter for each byte, as GPT-2 has them: what can be printed is itself, the others follow from U+0100 on.</summary>
    private static string ByteLetters { get; } = LettersOfBytes();

    private static string LettersOfBytes()
    {
        var own = new StringBuilder();
        var other = new StringBuilder();
        for (var value = 0; value < Bytes; value++)
        {
            if (value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or >= 0xAE)
            {
                own.Append((char)value);
            }
            else
            {
                other.Append((char)(Bytes + other.Length));
            }
        }

        return own.Append(other).ToString();
    }

    private static IEnumerable<(string Left, string Right)> All() =>
        Letters.Select(letter => ($"{Blank}", $"{letter}"))
            .Concat(Letters.SelectMany(_ => Letters, (first, second) => ($"{first}", $"{second}")))
            .Concat(Letters.SelectMany(_ => Letters, (first, second) => $"{first}{second}").SelectMany(_ => Letters, (pair, third) => (pair, $"{third}")));
}
