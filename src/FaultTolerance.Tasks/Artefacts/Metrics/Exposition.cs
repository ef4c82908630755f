using System.Globalization;

namespace FaultTolerance.Artefacts.Metrics;

/// <summary>Prometheus's text exposition, version 0.0.4: <c>name{labels} value [time]</c>, a sample a line.</summary>
public static class Exposition
{
    /// <summary>Reads a line.</summary>
    /// <param name="line">The line; comments and broken lines are no samples.</param>
    /// <returns>The series as it stands there, <c>name{labels}</c>, and its value; null where the line is no sample.</returns>
    public static (string Series, double Value)? Sample(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        if (line is [] or ['#', ..])
        {
            return null;
        }

        // A label's value may hold anything, blanks too: the series ends at the last brace, or without one at the first blank.
        var end = line.IndexOf('{', StringComparison.Ordinal) < 0 ? line.AsSpan().IndexOfAny(' ', '\t') : line.LastIndexOf('}') + 1;
        if (end <= 0)
        {
            return null;
        }

        var rest = line.AsSpan(end).Trim(" \t");
        var blank = rest.IndexOfAny(' ', '\t');
        return double.TryParse(blank < 0 ? rest : rest[..blank], NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? (line[..end], value) : null;
    }

    /// <summary>The metric's name: the series without its labels.</summary>
    public static string Name(string series)
    {
        ArgumentNullException.ThrowIfNull(series);
        var brace = series.IndexOf('{', StringComparison.Ordinal);
        return brace < 0 ? series : series[..brace];
    }

    /// <summary>Whether a series is meant: a name with braces means one series, a bare name all series of the metric.</summary>
    public static bool Matches(string series, string asked) => series == asked || Name(series) == asked;
}
