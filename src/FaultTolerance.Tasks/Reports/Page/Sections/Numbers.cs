using FaultTolerance.Artefacts;
using FaultTolerance.Results;
using FaultTolerance.Results.Recovery;
using FaultTolerance.Results.Statistics;
using static FaultTolerance.Reports.Page.Sections.Tables;

namespace FaultTolerance.Reports.Page.Sections;

/// <summary>All numbers of a row: recovery by each definition, damage, percentiles, requests by outcome.</summary>
internal static class Numbers
{
    private static readonly Dictionary<string, (string Title, string Meaning)> Definitions = new(StringComparer.Ordinal)
    {
        ["issued_to_landed"] = ("Issued to landed", "from the command to its proof: the injector, not the service"),
        ["first_error"] = ("First error", "end of the first request that failed"),
        ["first_notice"] = ("First notice", "the cluster first shows that something is wrong"),
        ["container_started"] = ("Container started", "in place or in a new pod"),
        ["engine_initialised"] = ("Engine initialised", "first ready text in a log of the service that was hit"),
        ["pod_ready"] = ("Pod ready", "a pod of the service that was hit is ready again"),
        ["endpoint_back"] = ("Endpoint back", "an endpoint of that service is ready again"),
        ["first_success"] = ("First success", "first answer after the first error, maybe from another replica"),
        ["harmed"] = ("Clients harmed", "from the first harm that a client could see to steady again"),
        ["longest_gap"] = ("Outage", "longest span in which no client got an answer"),
        ["longest_gap_worst_client"] = ("Outage, worst client", "longest span in which one client got none"),
        ["downtime_from_losses"] = ("Downtime from losses", "requests lost ÷ rate offered before"),
        ["steady"] = ("Steady again", "back in the band of before the fault, and staying there"),
        ["capacity_back"] = ("Capacity back", "as many pods ready as before"),
    };

    public static Markup Recovery(ScenarioResult row) => Tables.Draw(
        "Recovery, by every definition", ["Definition", "#From the fault", "*Meaning"],
        row.Recovery.Select(pair => new[] { Text(Title(pair.Name)), Text(Words.Span(pair.Value)), Text(Definitions.GetValueOrDefault(pair.Name).Meaning ?? pair.Name) }));

    public static string Title(string name) => Definitions.GetValueOrDefault(name).Title ?? name;

    public static Markup Percentiles(ScenarioResult row)
    {
        (string Name, LatencySummary Summary)[] phases = row.Damage is { } damage
            ? [("before the fault", damage.Before), ("during failures", damage.Outage), ("after", damage.After)]
            : [("whole load", Whole(row))];
        return Tables.Draw("Latency of answered requests", ["Part", "#Answered", "#p50", "#p90", "#p95", "#p99", "#Greatest"], phases.Select(phase => new[]
        {
            Text(phase.Name), Text(Words.Count(phase.Summary.Count)), Part(phase.Summary.Latency?.P50), Part(phase.Summary.Latency?.P90),
            Part(phase.Summary.Latency?.P95), Part(phase.Summary.Latency?.P99), Part(phase.Summary.Latency?.Max),
        }));
    }

    public static Markup Damage(ScenarioResult row) => row.Damage is not { } damage ? Markup.Empty : Tables.Draw("Damage", ["What", "#How much"],
    [
        [Text("Requests lost after the fault"), Text(Words.Count(damage.LostRequests))],
        [Text("Tokens asked for and lost"), Text(damage.LostTokens is { } tokens ? Words.Count(tokens) : "not counted")],
        [Text("Goodput at its lowest, of the steady mean"), Text(damage.Depth is { } depth ? Words.Share(depth) : "unknown")],
        [Text("Answers missing against a steady service"), Text(damage.Area is { } area ? Words.Number(area) : "unknown")],
    ]);

    public static Markup Outcomes(ScenarioResult row) => Tables.Draw("Requests", ["What became of them", "#Count"],
    [
        .. row.Books.Planned is { } planned ? [[Text("planned"), Text(Words.Count(planned))]] : Array.Empty<Markup[]>(),
        [Text("sent"), Text(Words.Count(row.Books.Sent))],
        [Text("not sent"), Text(Words.Count(row.Books.NotSent))],
        .. row.Books.Outcomes.Select(pair => new[] { Text($"{OutcomeClass.All[OutcomeClass.Index(pair.Outcome)].Title} ({pair.Outcome})"), Text(Words.Count(pair.Count)) }),
    ]);

    private static Markup Part(double? seconds) => Text(seconds is { } known ? Words.Span(known) : "–");

    private static LatencySummary Whole(ScenarioResult row)
    {
        var latency = new Histogram();
        foreach (var attempt in row.Attempts.SelectMany(client => client).Where(attempt => attempt is { IsLast: true, Outcome: Outcome.Ok }))
        {
            latency.Add(attempt.ElapsedNanoseconds);
        }

        return LatencySummary.Of(latency, new Histogram(), new Histogram());
    }
}
