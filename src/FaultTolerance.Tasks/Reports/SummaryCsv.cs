using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using CsvHelper;
using FaultTolerance.Artefacts;
using FaultTolerance.Artefacts.Events;
using FaultTolerance.Results;
using FaultTolerance.Results.Checks;
using FaultTolerance.Results.Measures;
using FaultTolerance.Results.Recovery;

namespace FaultTolerance.Reports;

/// <summary><c>summary.csv</c>: a row a scenario; seconds and counts in full, empty where unknown.</summary>
internal static class SummaryCsv
{
    /// <summary>Writes the file.</summary>
    public static void Write(RunResult run, string path)
    {
        ArgumentNullException.ThrowIfNull(run);
        var columns = Columns(run.Measures);
        CsvFile.Write(path, [.. columns.Select(column => column.Name)], csv =>
        {
            foreach (var scenario in run.Scenarios)
            {
                foreach (var (_, value) in columns)
                {
                    Cell(csv, value(run, scenario));
                }

                csv.EndRecord();
            }
        });
    }

    private static void Cell(CsvWriter csv, object? value)
    {
        if (value is string text)
        {
            csv.WriteField(text);
        }
        else
        {
            csv.WriteNumber(value is null ? null : Convert.ToDouble(value, CultureInfo.InvariantCulture));
        }
    }

    private static (string Name, Func<RunResult, ScenarioResult, object?> Value)[] Columns(MeasureCatalog measures) =>
        [
            ("group", (_, s) => s.Group),
            ("failure", (_, s) => s.Row.Failure),
            ("scenario", (_, s) => s.Name),
            ("state", (_, s) => s.State.ToString()),
            ("stand_in", (run, _) => run.StandIn ? "true" : "false"),
            .. measures.Legacy.Select(Number),
            .. measures.Books.Select(Number),
            ("shed", (_, s) => s.Books.Became.Where(pair => pair.Outcome == Outcome.Shed).Sum(pair => pair.Count)),
            ("became", (_, s) => Counts(s.Books.Became)),
            ("fault_at", (_, s) => CsvFile.Instant(s.FaultAt ?? 0)),
            ("landed_at", (_, s) => CsvFile.Instant(s.LandedAt ?? 0)),
            ("proof", (_, s) => string.Join("; ", s.Proofs)),
            ("notes", (_, s) => string.Join("; ", s.Notes)),
            .. measures.Recovery.SelectMany(Span),
            .. measures.Damage.Select(Number),
            ("in_flight_at_fault", (_, s) => s.Damage?.InFlight.Sum(pair => pair.Count)),
            ("in_flight_succeeded", (_, s) => s.Damage?.InFlight.Where(pair => pair.Outcome == Outcome.Ok).Sum(pair => pair.Count)),
            ("in_flight_became", (_, s) => Counts(s.Damage?.InFlight)),
            .. Phase("before", damage => damage.Before),
            .. Phase("outage", damage => damage.Outage),
            .. Phase("after", damage => damage.After),
            ("verdict", (run, s) => run.Verdict.Of(s.Name)?.ToString().ToLowerInvariant() ?? ""),
            ("checks_passed", (run, s) => Checks(run, s, CheckOutcome.Pass)),
            ("checks_failed", (run, s) => Checks(run, s, CheckOutcome.Fail)),
            ("checks_unknown", (run, s) => Checks(run, s, CheckOutcome.Unknown)),
            .. GeneratorCheck.Keys.Select<string, (string, Func<RunResult, ScenarioResult, object?>)>(key =>
                ($"generator_{JsonNamingPolicy.SnakeCaseLower.ConvertName(key)}", (_, s) => s.Generator?[key])
            ),
            ("trial", (_, s) => s.Trial),
            .. measures.Connections.Select(Number),
            ("failures", (_, s) => string.Join("; ", s.Failures)),
            .. measures.Upgrades.Select(Number),
            .. measures.Soaks.Select(Number),
            ("mttr_is", (_, s) => measures.Find("mttr")?.Of(s)?.Kind.ToString() ?? ""),
            .. measures.Numbers.Select(Number),
            .. NumbersCsv.Columns,
            .. measures.Continuity.Select(Number),
            ("reuse", (_, s) => s.Timeline.OfType<LoadStarted>().LastOrDefault()?.Reuse ?? ""),
            .. measures.Rates.Select(Number),
        ];

    private static string Counts(ImmutableArray<(Outcome Outcome, long Count)>? counts) =>
        string.Join("; ", counts?.Select(pair => $"{pair.Outcome} {pair.Count.ToString(CultureInfo.InvariantCulture)}") ?? []);

    private static int Checks(RunResult run, ScenarioResult row, CheckOutcome outcome) =>
        run.Verdict.ChecksOf(row.Name).Count(check => check.Outcome == outcome);

    // The value beside what it is: Value, Censored (at least so much), NotNeeded, Unknown.
    private static (string Name, Func<RunResult, ScenarioResult, object?> Value)[] Span(IMeasure measure) =>
    [
        Number(measure),
        ($"{measure.Id}_is", (_, s) => measure.Of(s)?.Kind.ToString() ?? ""),
        ($"{measure.Id}_event", (_, s) => measure.Of(s)?.Event ?? ""),
    ];

    private static (string Name, Func<RunResult, ScenarioResult, object?> Value) Number(IMeasure measure) =>
        (measure.Csv(), (_, s) =>
            measure.Of(s) is { Kind: MeasuredKind.Value or MeasuredKind.Censored } measured ? measured.Seconds : null
        );

    private static (string Name, Func<RunResult, ScenarioResult, object?> Value)[] Phase(string name, Func<Damage, LatencySummary> phase)
    {
        LatencySummary? Of(ScenarioResult scenario) => scenario.Damage is { } damage ? phase(damage) : null;
        return
        [
            ($"latency_p50_{name}", (_, s) => Of(s)?.Latency?.P50),
            ($"latency_p90_{name}", (_, s) => Of(s)?.Latency?.P90),
            ($"latency_p95_{name}", (_, s) => Of(s)?.Latency?.P95),
            ($"latency_p99_{name}", (_, s) => Of(s)?.Latency?.P99),
            ($"latency_max_{name}", (_, s) => Of(s)?.Latency?.Max),
            ($"latency_intended_p50_{name}", (_, s) => Of(s)?.FromIntended?.P50),
            ($"latency_intended_p90_{name}", (_, s) => Of(s)?.FromIntended?.P90),
            ($"latency_intended_p95_{name}", (_, s) => Of(s)?.FromIntended?.P95),
            ($"latency_intended_p99_{name}", (_, s) => Of(s)?.FromIntended?.P99),
            ($"latency_intended_max_{name}", (_, s) => Of(s)?.FromIntended?.Max),
            ($"first_token_p50_{name}", (_, s) => Of(s)?.FirstToken?.P50),
            ($"first_token_p90_{name}", (_, s) => Of(s)?.FirstToken?.P90),
            ($"first_token_p95_{name}", (_, s) => Of(s)?.FirstToken?.P95),
            ($"first_token_p99_{name}", (_, s) => Of(s)?.FirstToken?.P99),
            ($"first_token_max_{name}", (_, s) => Of(s)?.FirstToken?.Max),
        ];
    }
}
