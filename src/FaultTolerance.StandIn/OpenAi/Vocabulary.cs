using System.Collections.Immutable;
using System.Text;

namespace FaultTolerance.StandIn.OpenAi;

/// <summary>Words for token ids: one word a token, so n tokens are never fewer than n characters.</summary>
internal static class Vocabulary
{
    private static readonly ImmutableArray<string> Beginnings =
    [
        "ba",
        "co",
        "da",
        "fe",
        "gi",
        "ho",
        "ju",
        "ka",
        "le",
        "mi",
        "no",
        "pa",
        "ra",
        "se",
        "ti",
        "vo",
    ];
    private static readonly ImmutableArray<string> Ends = ["la", "men", "ri", "so", "ta", "ver", "nu", "x"];

    /// <summary>Appends the token's word, with a blank before it unless it is the answer's first.</summary>
    public static void Append(StringBuilder text, int token, bool first)
    {
        if (!first)
        {
            text.Append(' ');
        }

        text.Append(Beginnings[token % 16]).Append(Beginnings[token / 16 % 16]).Append(Ends[token / 256 % 8]);
    }
}
