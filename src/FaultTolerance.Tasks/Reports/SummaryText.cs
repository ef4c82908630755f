using System.Collections.Immutable;
using System.Text;
using FaultTolerance.Results;
using FaultTolerance.Results.Trials;

namespace FaultTolerance.Reports;

/// <summary>The form of a table.</summary>
internal enum TableFormat
{
    /// <summary>Box characters, the published form.</summary>
    Fancy,

    /// <summary>Pipes with two header rows, as the reference suite's <c>--format markdown</c>.</summary>
    Pipe,
}

/// <summary>The tables in the reference suite's framing, for a terminal and for <c>summary.txt</c>.</summary>
internal static class SummaryText
{
    /// <summary>What stands above tables whose graphs were stand-ins.</summary>
    public const string StandInLine = "Results of stand-in processes, not of the product.";

    /// <summary>
    /// Per group an empty line, its name, the table, notes on rows that are not simply measured, an empty line and 80 <c>=</c>.
    /// </summary>
    /// <param name="run">The result.</param>
    /// <param name="format">The tables' form.</param>
    /// <param name="clients">Puts the table of what clients saw under each; without it the framing is the reference suite's alone.</param>
    public static string Write(RunResult run, TableFormat format = TableFormat.Fancy, bool clients = true)
    {
        ArgumentNullException.ThrowIfNull(run);
        var text = new StringBuilder();
        if (run.StandIn)
        {
            text.Append(StandInLine).Append('\n');
        }

        foreach (var group in run.Scenarios.GroupBy(scenario => scenario.Group, StringComparer.Ordinal))
        {
            var rows = RowTrials.Of(group);
            var table = LegacyTable.Of(rows.Select(row => row.Legacy), run.Sla is not null);
            text.Append("\nTest Group: ").Append(group.Key).Append('\n')
                .Append(Draw(table, format));
            if (clients && ClientTable.Of(rows) is { } seen)
            {
                text.Append("\nWhat clients saw, in seconds from the fault's order:\n").Append(Draw(seen, format));
            }

            if (clients && FaultTable.Of(rows) is { } faults)
            {
                text.Append('\n').Append(FaultTable.Title).Append('\n').Append(Draw(faults, format));
                text.AppendJoin('\n', rows.Select(row => SoakText.Of(row.Typical)).OfType<string>()).Append('\n');
            }

            if (clients && ContinuityTable.Of(rows) is { } streams)
            {
                text.Append('\n').Append(ContinuityTable.Title).Append('\n').Append(Draw(streams, format));
            }

            if (clients && VantageTable.Of(rows) is { } both)
            {
                text.Append('\n').Append(VantageTable.Title).Append('\n').Append(Draw(both, format));
            }

            if (clients && TrialTable.Of(rows) is { } trials)
            {
                text.Append('\n').Append(TrialTable.Title(rows)).Append('\n').Append(Draw(trials, format));
            }

            foreach (var line in Notes(group))
            {
                text.Append(line).Append('\n');
            }

            text.Append('\n').Append('=', 80).Append('\n');
        }

        if (clients && run.Scenarios.Any(scenario => !scenario.Recovery.IsEmpty))
        {
            text.Append("\nThe columns of what clients saw:\n")
                .AppendJoin('\n', ClientTable.Legend(run.Scenarios).Select(line => $"  {line}"))
                .Append('\n');
        }

        return text.ToString();
    }

    /// <summary>One table a group with the columns that were asked for, in their order, and the same notes.</summary>
    public static string Write(RunResult run, ImmutableArray<SummaryColumn> columns, TableFormat format)
    {
        ArgumentNullException.ThrowIfNull(run);
        var text = new StringBuilder();
        if (run.StandIn)
        {
            text.Append(StandInLine).Append('\n');
        }

        foreach (var group in run.Scenarios.GroupBy(scenario => scenario.Group, StringComparer.Ordinal))
        {
            text.Append("\nTest Group: ").Append(group.Key).Append('\n').Append(Draw(SummaryColumns.Table(group, columns), format));
            foreach (var line in Notes(group))
            {
                text.Append(line).Append('\n');
            }
        }

        return text.ToString();
    }

    private static string Draw(TextTable table, TableFormat format) =>
        format == TableFormat.Fancy ? FancyGrid.Draw(table) : PipeTable.Draw(table, joinHeaders: false);

    /// <summary>One line a note, <c>Note: {failure} ({state}): {what}</c>.</summary>
    internal static IEnumerable<string> Notes(IEnumerable<ScenarioResult> rows)
    {
        foreach (var row in rows)
        {
            var state = row.State is RowState.Measured or RowState.Baseline or RowState.Unverified
                ? ""
                : $" ({row.State.ToString().ToLowerInvariant()})";
            var name = row.Trial == 1 ? row.Row.Failure : $"{row.Row.Failure}, trial {row.Trial}";
            foreach (var note in row.Notes)
            {
                yield return $"Note: {name}{state}: {note.ReplaceLineEndings(" ")}";
            }

            if (row.Notes.IsEmpty && state.Length > 0)
            {
                yield return $"Note: {name}{state}";
            }
        }
    }
}
