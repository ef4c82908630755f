using System.Globalization;
using System.Text;

namespace FaultTolerance;

/// <summary>Text that somebody else wrote (servers, webhooks, plugins, pods), made fit for a message.</summary>
internal static class ForeignText
{
    /// <summary>
    /// One line: control characters, line breaks and marks that turn the direction of writing become blanks, runs of blanks one, and what
    /// is
    /// beyond <paramref name="longest"/> characters is cut. A text that could begin a line of its own could give orders to a CI host or a
    /// terminal.
    /// </summary>
    /// <param name="text">The text; null is empty.</param>
    /// <param name="longest">Characters that are kept, at least 1.</param>
    public static string Line(string? text, int longest = int.MaxValue)
    {
        if (string.IsNullOrEmpty(text))
        {
            return "";
        }

        var line = new StringBuilder(Math.Min(text.Length, 256));
        var blank = false;
        foreach (var c in text)
        {
            if (c == ' ' || IsUnfit(c))
            {
                blank = line.Length > 0;
                continue;
            }

            if (blank)
            {
                line.Append(' ');
                blank = false;
            }

            line.Append(c);
            if (line.Length > longest)
            {
                // Half of a pair would be no character at all.
                line.Length = char.IsHighSurrogate(line[longest - 1]) ? longest - 1 : longest;
                return line.Append('…').ToString();
            }
        }

        return line.ToString();
    }

    /// <summary>The text with its lines, and U+FFFD for each character that would not show itself: for a page.</summary>
    public static string Visible(string? text) =>
        string.IsNullOrEmpty(text) || !text.Any(c => c != '\n' && IsUnfit(c))
            ? text ?? ""
            : string.Concat(text.ReplaceLineEndings("\n").Select(c => c != '\n' && IsUnfit(c) ? '\uFFFD' : c));

    private static bool IsUnfit(char c) =>
        char.IsControl(c)
        || CharUnicodeInfo.GetUnicodeCategory(c)
            is UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator
                or UnicodeCategory.Format;
}
