using System.Globalization;
using System.Text;

namespace FaultMatrix.Build.Model;

/// <summary>
/// Text that others wrote (a server's message, a pod's, a name out of a file) in a form that a terminal and a build server only show: no
/// control characters, and nothing that a build server takes for a command.
/// </summary>
internal static class ForeignText
{
    private static readonly string[] Commands = ["##[", "##vso[", "##teamcity["];

    /// <summary>The text as one line: line breaks and tabs become blanks, other control characters U+FFFD.</summary>
    public static string Line(string text)
    {
        var clean = text.AsSpan().IndexOfAnyExceptInRange(' ', '~') < 0 ? text : Clean(text);
        if (clean.AsSpan().TrimStart().StartsWith("::"))
        {
            clean = clean.Replace("::", ": :", StringComparison.Ordinal);
        }

        foreach (var command in Commands)
        {
            clean = clean.Replace(command, "# " + command[1..], StringComparison.OrdinalIgnoreCase);
        }

        return clean;
    }

    /// <summary>The text as lines, each as <see cref="Line"/> makes it; what it ends with is cut.</summary>
    public static IEnumerable<string> Lines(string text) => text.TrimEnd().ReplaceLineEndings("\n").Split('\n').Select(Line);

    /// <summary>Several lines in one text.</summary>
    public static string Block(string text) => string.Join('\n', Lines(text));

    private static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.Trim('\r', '\n').Replace("\r\n", "\n", StringComparison.Ordinal).EnumerateRunes())
        {
            var category = Rune.GetUnicodeCategory(rune);
            if (rune.Value is '\r' or '\n' or '\t' || category is UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
            {
                clean.Append(' ');
            }
            else
            {
                clean.Append(IsUnsafe(rune, category) ? "\uFFFD" : rune.ToString());
            }
        }

        return clean.ToString();
    }

    // Beside control characters those that turn the direction of what follows: they make a line read as another.
    private static bool IsUnsafe(Rune rune, UnicodeCategory category) =>
        category == UnicodeCategory.Control || rune.Value is (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069) or 0x200E or 0x200F;
}
