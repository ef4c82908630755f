using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;

namespace FaultTolerance.Artefacts.Metrics;

/// <summary>
/// Prometheus's text exposition and OpenMetrics: a sample a line, <c>name{labels} value [time] [# exemplar]</c>, or with the name among the
/// labels, <c>{"name",labels} value</c>.
/// </summary>
internal static partial class Exposition
{
    /// <summary>Reads a line.</summary>
    /// <param name="line">The line; comments and broken lines are no samples.</param>
    /// <returns>The series as it stands there, <c>name{labels}</c>, and its value; null where the line is no sample.</returns>
    public static (string Series, double Value)? Sample(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        if (line is [] or ['#', ..] || End(line) is not (> 0 and var end))
        {
            return null;
        }

        var rest = line.AsSpan(end).Trim(" \t");
        var blank = rest.IndexOfAny(' ', '\t');
        return Value(blank < 0 ? rest : rest[..blank]) is { } value ? (line[..end], value) : null;
    }

    /// <summary>The metric's name: the series without its labels.</summary>
    public static string Name(string series)
    {
        ArgumentNullException.ThrowIfNull(series);
        if (series.StartsWith("{\"", StringComparison.Ordinal) && series.IndexOf('"', 2) is > 0 and var quote)
        {
            return series[2..quote];
        }

        var brace = series.IndexOf('{', StringComparison.Ordinal);
        return brace < 0 ? series : series[..brace];
    }

    /// <summary>The labels of a series; a label's value stands as the exposition writes it.</summary>
    public static ImmutableDictionary<string, string> Labels(string series)
    {
        ArgumentNullException.ThrowIfNull(series);
        var labels = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (Match label in Label().Matches(series))
        {
            labels[label.Groups["name"].Value] = label.Groups["value"].Value;
        }

        return labels.ToImmutable();
    }

    /// <summary>Whether a series is meant: a name with braces means one series, a bare name all series of the metric.</summary>
    public static bool Matches(string series, string asked) => series == asked || Name(series) == asked;

    // A label's value may hold anything, blanks, braces and escaped quotes too: the series ends at the brace outside of them.
    private static int End(string line)
    {
        var start = line.AsSpan().IndexOfAny('{', ' ', '\t');
        if (start < 0 || line[start] != '{')
        {
            return start;
        }

        var quoted = false;
        for (var i = start; i < line.Length; i++)
        {
            switch (line[i])
            {
                case '\\' when quoted:
                    i++;
                    break;
                case '"':
                    quoted = !quoted;
                    break;
                case '}' when !quoted:
                    return i + 1;
            }
        }

        return -1;
    }

    private static double? Value(ReadOnlySpan<char> text) => text switch
    {
        "+Inf" or "Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        _ => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : null,
    };

    [GeneratedRegex(@"[{,]\s*(?<name>[A-Za-z_][A-Za-z0-9_]*)=""(?<value>(?:[^""\\]|\\.)*)""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Label();
}
