using FaultTolerance.Results.Measures;
using System.Globalization;
using System.Text;
using FaultTolerance.Reports.Page;
using FaultTolerance.Results.Comparison;

namespace FaultTolerance.Reports.Comparison;

/// <summary>A comparison in sentences.</summary>
internal static class ComparisonText
{
    /// <summary>A value with its measure's unit.</summary>
    public static string Value(string measure, double value) =>
        ComparedMeasures.UnitOf(measure) switch
        {
            MeasureUnit.Share => Words.Share(value),
            MeasureUnit.PerSecond => value.ToString("0.##", CultureInfo.InvariantCulture),
            _ => Words.Span(value),
        };

    /// <summary>A measure's title.</summary>
    public static string Title(string measure) => ComparedMeasures.Title(measure);

    /// <summary>The older run's value.</summary>
    public static string Older(Delta delta) => $"{(delta.OlderIsBound ? "over " : "")}{Value(delta.Measure, delta.Older)}";

    /// <summary>The newer run's value.</summary>
    public static string Newer(Delta delta) => $"{(delta.NewerIsBound ? "over " : "")}{Value(delta.Measure, delta.Newer)}";

    /// <summary>What the difference means, or that the data cannot tell.</summary>
    public static string Sentence(Delta delta) =>
        delta switch
        {
            { Low: null } => $"{Change(delta)}; too few trials and too few rows: the data cannot tell whether that is more than chance",
            { Sign: 0 } =>
                $"{Change(delta)}; the data cannot tell whether that is more than chance ({Range(delta.Measure, delta.Low!.Value, delta.High!.Value)})",
            _ => $"{Change(delta)} ({Range(delta.Measure, delta.Low!.Value, delta.High!.Value)})",
        };

    /// <summary>What a measure did over all rows.</summary>
    public static string Overall((string Measure, string Hit, int Rows, double Median, double Low, double High) overall)
    {
        var known = overall.Low > 0 || overall.High < 0;
        return $"{Title(overall.Measure)}, {(overall.Hit.Length == 0 ? "baselines" : $"rows that hit {overall.Hit}")}: over {overall.Rows} rows {Change(overall.Measure, overall.Median)} in the median ({Range(overall.Measure, overall.Low, overall.High)}){(known ? "" : "; the data cannot tell whether that is more than chance")}.";
    }

    /// <summary>The whole comparison.</summary>
    public static string Write(RunComparison comparison, bool markdown)
    {
        var text = new StringBuilder(markdown ? "# " : "").Append($"Run {comparison.Newer} against {comparison.Older}\n");
        if (comparison.StandIn)
        {
            text.Append(markdown ? "\n> " : "").Append(SummaryText.StandInLine).Append('\n');
        }

        text.Append('\n').Append(markdown ? "## " : "").Append("Over all rows\n\n");
        Line(
            text,
            comparison.Overall.IsEmpty
                ?
                [
                    $"Fewer than {RunComparison.FewestRows} rows that hit the same service can be compared: nothing can be said of the whole.",
                ]
                : comparison.Overall.Select(Overall),
            markdown
        );
        foreach (var row in comparison.Rows)
        {
            text.Append('\n').Append(markdown ? "## " : "").Append(row.Scenario).Append('\n').Append(markdown ? "\n" : "");
            Line(text, row.Missing is { } missing ? [$"Cannot be compared: {missing}."] : row.Deltas.Select(Said), markdown);
        }

        return text.ToString();
    }

    private static string Said(Delta delta) =>
        $"{(delta.Sign != 0 ? "* " : "")}{Title(delta.Measure)}: {Older(delta)}, now {Newer(delta)}: {Sentence(delta)}.";

    private static void Line(StringBuilder text, IEnumerable<string> lines, bool markdown)
    {
        foreach (var line in lines)
        {
            text.Append(markdown ? $"- {Pipelines.StepSummary.Escape(line)}" : $"  {line}").Append('\n');
        }
    }

    private static string Change(Delta delta) =>
        $"{(delta.OlderIsBound || delta.NewerIsBound ? "by the bound " : "")}{Change(delta.Measure, delta.Difference)}";

    private static string Change(string measure, double difference) =>
        difference == 0
            ? "the same"
            : $"{Value(measure, Math.Abs(difference))} {(ComparedMeasures.UnitOf(measure) == MeasureUnit.Seconds ? (difference > 0 ? "longer" : "shorter") : difference > 0 ? "more" : "fewer")}";

    private static string Range(string measure, double low, double high) =>
        $"95 % interval {Signed(measure, low)} to {Signed(measure, high)}";

    private static string Signed(string measure, double value) =>
        double.IsInfinity(value) ? "unknown" : $"{(value < 0 ? "−" : "+")}{Value(measure, Math.Abs(value))}";
}
