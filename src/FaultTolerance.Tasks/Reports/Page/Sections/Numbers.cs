using FaultTolerance.Artefacts;
using FaultTolerance.Results;
using FaultTolerance.Results.Measures;
using FaultTolerance.Results.Recovery;
using static FaultTolerance.Reports.Page.Sections.Tables;

namespace FaultTolerance.Reports.Page.Sections;

/// <summary>All numbers of a row: recovery by each definition, damage, percentiles, requests by outcome.</summary>
internal static class Numbers
{
    /// <summary>Recovery, by every definition.</summary>
    public static Markup Recovery(MeasureCatalog measures, ScenarioResult row) =>
        Tables.Draw(
            "Recovery, by every definition",
            ["Definition", "#From the fault", "*Meaning"],
            row.Recovery.Select(pair =>
                new[]
                {
                    Text(measures.Find(pair.Name)?.Title ?? pair.Name),
                    Text(Words.Span(pair.Value)),
                    Text(measures.Find(pair.Name)?.Legend ?? pair.Name),
                }
            )
        );

    /// <summary>A measure's title; its id where it has none.</summary>
    public static string Title(string id) => MeasureCatalog.Default.Find(id)?.Title ?? id;

    /// <summary>Latency before and after the fault.</summary>
    public static Markup Percentiles(ScenarioResult row)
    {
        (string Name, LatencySummary Summary)[] phases = row.Damage is { } damage
            ? [("before the fault", damage.Before), ("during failures", damage.Outage), ("after", damage.After)]
            : [("whole load", Whole(row))];
        return Tables.Draw(
            "Latency of answered requests",
            ["Part", "#Answered", "#p50", "#p90", "#p95", "#p99", "#Greatest"],
            phases.Select(phase =>
                new[]
                {
                    Text(phase.Name),
                    Text(Words.Count(phase.Summary.Count)),
                    Part(phase.Summary.Latency?.P50),
                    Part(phase.Summary.Latency?.P90),
                    Part(phase.Summary.Latency?.P95),
                    Part(phase.Summary.Latency?.P99),
                    Part(phase.Summary.Latency?.Max),
                }
            )
        );
    }

    /// <summary>What clients lost.</summary>
    public static Markup Damage(MeasureCatalog measures, ScenarioResult row) =>
        row.Damage is null
            ? Markup.Empty
            : Tables.Draw(
                "Damage",
                ["What", "#How much"],
                measures.Damage.Select(measure => new[] { Text(measure.Title), Text(Words.Value(measure, measure.Of(row))) })
            );

    /// <summary>What a rolling upgrade or restart was like; nothing where there was none.</summary>
    public static Markup Upgrade(MeasureCatalog measures, ScenarioResult row) => row.Upgrade is null
        ? Markup.Empty
        : Tables.Draw(
            "Rollout",
            ["What", "#How much"],
            measures.Upgrades.Select(measure => new[] { Text(measure.Title), Text(Words.Value(measure, measure.Of(row))) }));

    /// <summary>Attempts by their outcome.</summary>
    public static Markup Outcomes(ScenarioResult row) =>
        Tables.Draw(
            "Requests",
            ["What became of them", "#Count"],
            [
                .. row.Books.Planned is { } planned
                    ?
                    [
                        [Text("planned"), Text(Words.Count(planned))],
                    ]
                    : Array.Empty<Markup[]>(),
                [Text("sent"), Text(Words.Count(row.Books.Sent))],
                [Text("not sent"), Text(Words.Count(row.Books.NotSent))],
                .. row.Books.Outcomes.Select(pair =>
                    new[]
                    {
                        Text($"{Named(pair.Outcome)} ({pair.Outcome})"),
                        Text(Words.Count(pair.Count)),
                    }
                ),
            ]
        );

    /// <summary>What making connections was, in a line; nothing where no log tells.</summary>
    public static Markup Connections(ScenarioResult row) =>
        row.Connections is not { } connections
            ? Markup.Empty
            : Markup.Of($"<p>New connections: {Words.Count(connections.Made)} of {Words.Count(connections.Attempts)}{Took(connections)}</p>\n");

    private static string Took(NewConnections connections) =>
        connections.Took is { } took
            ? $" ({Words.Share(connections.Share)}), {Words.Span(took.P50)} each, at most {Words.Span(took.Max)}"
            : "";

    // What says nothing of the service is named by itself: in the picture it is one class.
    private static string Named(Outcome outcome) =>
        outcome switch
        {
            Outcome.ResetKept => "kept connection that the server was closing",
            Outcome.Transport => "our own way to the service broke",
            _ => OutcomeClass.All[OutcomeClass.Index(outcome)].Title,
        };

    private static Markup Part(double? seconds) => Text(seconds is { } known ? Words.Span(known) : "–");

    private static LatencySummary Whole(ScenarioResult row)
    {
        var latency = new Histogram();
        foreach (var chunk in row.Attempts.SelectMany(client => client.Chunks()))
        {
            foreach (ref readonly var attempt in chunk.Span)
            {
                if (attempt is { IsLast: true, Outcome: Outcome.Ok })
                {
                    latency.Add(attempt.ElapsedNanoseconds);
                }
            }
        }

        return LatencySummary.Of(latency, new Histogram(), new Histogram());
    }
}
