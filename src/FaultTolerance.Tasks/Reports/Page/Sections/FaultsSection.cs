using FaultTolerance.Results;
using FaultTolerance.Results.Recovery;
using FaultTolerance.Results.Verdicts;
using static FaultTolerance.Reports.Page.Sections.Tables;

namespace FaultTolerance.Reports.Page.Sections;

/// <summary>Each fault of a row by itself: its window, its proof, and what is seen until the next one's order.</summary>
internal static class FaultsSection
{
    /// <summary>The table; nothing where the row has no more than one fault, whose numbers are the row's.</summary>
    public static Markup Draw(ScenarioResult row) => row.Faults.Length < 2 ? Markup.Empty : Markup.Join(
        [Table(row), SoakText.Of(row) is { } together ? Markup.Of($"<p>{together}</p>\n") : Markup.Empty]);

    private static Markup Table(ScenarioResult row) => Tables.Draw(
        "Each fault by itself, from its own order to the next one's",
        ["Fault", "#Ordered", "#Lasted", "Verdict", "#Lost", "#Outage", "#Pod ready", "#Steady again", "*Open at its end", "*Proof"],
        row.Faults.Select(fault => new[]
        {
            Text($"{fault.Id} {fault.Kind} {fault.Service}".TrimEnd()), Text(Ordered(row, fault)), Text(Lasted(fault)),
            Text(FaultTable.Word(fault.Outcome)), Text(fault.Lost is { } lost ? Words.Count(lost) : "unknown"),
            Span(fault, Outage.Key), Span(fault, PodReady.Key), Span(fault, SteadyAgain.Key),
            Text(Open(fault)), Text(Proof(fault)),
        }));

    private static Markup Span(FaultVerdict fault, string id) => Text(Words.Span(fault.Recovered(id) ?? Measured.Unknown));

    private static string Ordered(ScenarioResult row, FaultVerdict fault) =>
        fault.Ordered == row.Zero ? "0" : $"+{Words.Span(Seconds(fault.Ordered - (row.Zero ?? fault.Ordered)))}";

    private static string Lasted(FaultVerdict fault) => fault switch
    {
        { Lasts: false } => "–",
        { Ended: { } ended, Landed: { } landed } => Words.Span(Seconds(ended - landed)),
        _ => "not undone",
    };

    private static string Open(FaultVerdict fault)
    {
        var under = fault.UnderWay > 0 ? $"{Words.Count(fault.UnderWay)} requests under way" : "";
        string[] open = [.. fault.Open, .. under.Length > 0 ? [under] : Array.Empty<string>()];
        return open.Length == 0 ? "nothing" : string.Join(", ", open);
    }

    private static string Proof(FaultVerdict fault) =>
        string.Join("; ", fault.Proofs.Concat(fault.Undone).Append(fault.Doubt).OfType<string>());

    private static double Seconds(long ticks) => TimeSpan.FromTicks(ticks).TotalSeconds;
}
