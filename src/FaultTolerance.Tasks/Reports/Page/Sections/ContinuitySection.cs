using FaultTolerance.Results;
using FaultTolerance.Results.Continuity;
using static FaultTolerance.Reports.Page.Sections.Tables;

namespace FaultTolerance.Reports.Page.Sections;

/// <summary>How whole streams came through: all of them in a table, and those that did not, or paused the longest, one by one.</summary>
internal static class ContinuitySection
{
    private const int Most = 20;

    /// <summary>Both tables; nothing where the load does not ask for it.</summary>
    public static Markup Draw(ScenarioResult row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return row.Continuity is { } found ? Markup.Join([All(found), Each(found)]) : Markup.Empty;
    }

    private static Markup All(StreamContinuity found)
    {
        var (share, interval) = ContinuityTable.Shares(found);
        return Tables.Draw(
            "Continuity: streams beside the same prompt’s answer before the fault",
            ["Compared", "#Whole", "#95 % (Wilson)", "#Differing", "#Broken off", "#Open at a fault", "#Went on", "#Migrations",
                "#Tokens lost", "#Doubled", "#Added", "#Changed", "#Characters wrong", "#Alike before the fault", "#Longest pause",
                "Where"],
            [[
                Text(Words.Count(found.Compared)), Text(share ?? "unknown"), Text(interval ?? "–"),
                Text(Words.Count(found.Count(StreamFate.Differs))), Text(Words.Count(found.Count(StreamFate.BrokenOff))),
                Text(Words.Count(found.Open)), Text(Words.Count(found.WentOn)),
                Text(found.Migrations is { } moved ? Words.Count((long)moved) : "unknown"), Text(Words.Count(found.Tokens.Lost)),
                Text(Words.Count(found.Tokens.Doubled)), Text(Words.Count(found.Tokens.Added)), Text(Words.Count(found.Tokens.Changed)),
                Text(Words.Count(found.Characters.Total)), Text($"{found.Controls - found.ControlsDiffering} of {found.Controls}"),
                Text(found.Slowest is { } slowest ? Words.Span(slowest.Attempt.InterTokenMax) : "–"), Text(ContinuityTable.Where(found)),
            ]]);
    }

    private static Markup Each(StreamContinuity found)
    {
        var told = found.Streams.Where(stream => stream.Fate != StreamFate.Whole || stream.WasOpen)
            .OrderBy(stream => stream.Fate == StreamFate.Whole).ThenByDescending(stream => stream.Attempt.InterTokenMax).ToList();
        return Tables.Draw(
            told.Count > Most ? $"{Most} of {told.Count} streams that were not whole or were open at a fault; continuity.csv has all"
                : "Streams that were not whole or were open at a fault",
            ["Stream", "Fate", "Outcome", "Open at a fault", "#Lost", "#Doubled", "#Added", "#Changed", "Counted in", "#Longest pause",
                "#After event"],
            told.Take(Most).Select(One));
    }

    private static Markup[] One(StreamCheck stream)
    {
        string Count(long count) => stream.Fate == StreamFate.Differs ? Words.Count(count) : "–";
        return
        [
            Text($"client {stream.Attempt.Client}, request {stream.Attempt.Request}"), Text(Word(stream)),
            Text(stream.Attempt.Outcome.ToString()), Text(!stream.WasOpen ? "no" : stream.WentOn ? "yes, went on" : "yes"),
            Text(Count(stream.Difference.Lost)), Text(Count(stream.Difference.Doubled)), Text(Count(stream.Difference.Added)),
            Text(Count(stream.Difference.Changed)),
            Text(stream.Fate != StreamFate.Differs ? "–" : stream.ByTokens ? "tokens" : "characters"),
            Text(stream.Attempt.InterTokenMax > 0 ? Words.Span(stream.Attempt.InterTokenMax) : "–"), Text(Words.Count(stream.PauseAfter)),
        ];
    }

    private static string Word(StreamCheck stream) => stream.Fate switch
    {
        StreamFate.Whole => "whole",
        StreamFate.Differs => "another text",
        StreamFate.BrokenOff => "broken off",
        _ => "not compared",
    };
}
