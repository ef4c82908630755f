using System.Text;
using FaultTolerance.Results;
using FaultTolerance.Results.Trials;

namespace FaultTolerance.Reports;

/// <summary><c>summary.md</c>: the tables with one header row, as Markdown renderers need it.</summary>
internal static class SummaryMarkdown
{
    /// <summary>The document.</summary>
    public static string Write(RunResult run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var text = new StringBuilder("# Fault matrix\n");
        if (run.StandIn)
        {
            text.Append("\n> ").Append(SummaryText.StandInLine).Append('\n');
        }

        foreach (var group in run.Scenarios.GroupBy(scenario => scenario.Group, StringComparer.Ordinal))
        {
            var rows = RowTrials.Of(group);
            text.Append("\n## ").Append(Escape(group.Key)).Append("\n\n")
                .Append(PipeTable.Draw(LegacyTable.Of(rows.Select(row => row.Legacy), run.Sla is not null), joinHeaders: true));
            if (ClientTable.Of(rows) is { } seen)
            {
                text.Append("\nWhat clients saw, in seconds from the fault's order:\n\n").Append(PipeTable.Draw(seen, joinHeaders: true));
            }

            if (FaultTable.Of(rows) is { } faults)
            {
                text.Append('\n').Append(FaultTable.Title).Append("\n\n").Append(PipeTable.Draw(faults, joinHeaders: true));
                var together = rows.Select(row => SoakText.Of(row.Typical)).OfType<string>();
                text.Append('\n').AppendJoin('\n', together.Select(line => $"- {Escape(line)}")).Append('\n');
            }

            if (ContinuityTable.Of(rows) is { } streams)
            {
                text.Append('\n').Append(ContinuityTable.Title).Append("\n\n").Append(PipeTable.Draw(streams, joinHeaders: true));
            }

            if (VantageTable.Of(rows) is { } both)
            {
                text.Append('\n').Append(VantageTable.Title).Append("\n\n").Append(PipeTable.Draw(both, joinHeaders: true));
            }

            if (TrialTable.Of(rows) is { } trials)
            {
                text.Append('\n').Append(TrialTable.Title(rows)).Append("\n\n").Append(PipeTable.Draw(trials, joinHeaders: true));
            }

            var notes = SummaryText.Notes(group).ToList();
            if (notes.Count > 0)
            {
                text.Append('\n').AppendJoin('\n', notes.Select(note => $"- {Escape(note)}")).Append('\n');
            }
        }

        if (run.Scenarios.Any(scenario => !scenario.Recovery.IsEmpty))
        {
            text.Append("\n## The columns of what clients saw\n\n")
                .AppendJoin('\n', ClientTable.Legend(run.Scenarios).Select(line => $"- {Escape(line)}"))
                .Append('\n');
        }

        return text.ToString();
    }

    // Texts of exceptions must not become mark-up.
    private static string Escape(string text)
    {
        var safe = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            safe.Append(c is '\\' or '`' or '*' or '<' or '>' or '[' or ']' or '|' or '#' ? "\\" : "").Append(c);
        }

        return safe.ToString();
    }
}
