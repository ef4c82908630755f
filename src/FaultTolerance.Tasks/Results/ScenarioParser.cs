using FaultTolerance.Artefacts.AiPerf;
using System.Collections.Immutable;
using FaultTolerance.Artefacts;
using FaultTolerance.Artefacts.Events;
using FaultTolerance.Artefacts.Metrics;
using FaultTolerance.Artefacts.Reading;
using FaultTolerance.Artefacts.TestLogs;
using FaultTolerance.Results.Continuity;
using FaultTolerance.Results.External;
using FaultTolerance.Results.Legacy;
using FaultTolerance.Results.Numbers;
using FaultTolerance.Results.Rates;
using FaultTolerance.Results.Reading;
using FaultTolerance.Results.Recovery;
using FaultTolerance.Results.Soaks;
using FaultTolerance.Results.Upgrades;
using FaultTolerance.Results.Vantages;
using FaultTolerance.Results.Verdicts;
using FaultTolerance.Results.Witnesses;
using FaultTolerance.Runs;

namespace FaultTolerance.Results;

/// <summary>Makes one row out of a scenario's folder.</summary>
internal static class ScenarioParser
{
    private static readonly TimeSpan LongestSteadyFor = TimeSpan.FromSeconds(5);

    /// <summary>Reads a scenario's folder.</summary>
    public static ScenarioResult Parse(string path, ScenarioName name, ParseOptions options)
    {
        var folder = new ScenarioFolder(path);
        var timeline = Timeline.Read(folder.Timeline);
        var (offset, zone) = NaiveZone.Of(path, timeline.Exists, options);
        var test = TestLogReader.Read(folder.TestLog, offset);
        var aiPerf = AiPerfReader.Read(path);
        var hasRequests = aiPerf.Length > 0 && aiPerf.All(run => run.HasRequests);
        var clients = hasRequests
            ? [.. aiPerf.GroupBy(run => run.Client).Select(runs => AiPerfRequests.Read([.. runs]))] : ClientLogFiles.Read(path, offset);
        var pods = PodClock.Correct(PodLogReader.Read(path, options.ReadyTexts), timeline, path);
        var (metrics, metricsFindings) = MetricsReader.Read(path);
        var ways = BrokenWays.Of(timeline);
        AttemptCollection[] attempts = [.. clients.Select(client => client.Attempts)];
        ways.Settle(attempts);
        KeptResets.Settle(attempts, timeline);
        var probe = ProbeLogs.Read(folder, timeline, offset);
        var external = ExternalSearch.IsMeant(timeline);
        var counted = Counted.Of(path, clients, timeline, AiPerfRow.Books(aiPerf), areMeasured: external || name.Failure != "none");
        var books = counted.Books;
        var findings = new List<Diagnostic>(zone is null ? [] : [zone]);
        findings.AddRange(timeline.Findings.ToImmutable());
        findings.AddRange(test.Findings.ToImmutable());
        findings.AddRange(clients.SelectMany(client => client.Findings.ToImmutable()));
        findings.AddRange(pods.Findings);
        findings.AddRange(metricsFindings);
        findings.AddRange(OwnTransport.Check(path, clients, ways, AskedCuts.Of(timeline, ways), books));
        findings.AddRange(counted.Wrong);
        findings.AddRange(Interference.Check(path, timeline));
        findings.AddRange(CollectionCheck.Check(path, timeline));
        findings.AddRange(Witness.Check(path, metrics, [.. attempts, .. probe?.Attempts ?? []], timeline));
        findings.AddRange(probe?.Findings ?? []);
        findings.AddRange(AiPerfRow.Findings(path, aiPerf, clients));
        if (clients.IsEmpty && aiPerf.IsEmpty)
        {
            findings.Add(
                new Diagnostic(ParseCodes.MissingPart, Severity.Warning, "there is no client log; counts and latency are unknown")
                {
                    File = path,
                }
            );
        }

        if (pods.Files == 0 && !timeline.Of<LoadTarget>().Any())
        {
            findings.Add(new Diagnostic(ParseCodes.MissingPart, Severity.Warning, NoReadyText(pods.Unknown)) { File = path });
        }

        var zero = external ? ExternalSearch.Zero(timeline, counted.Requests, WarmUpEnd(timeline)) : null;
        // A row for what others break is a baseline where they broke nothing.
        var failure = external && zero is null ? "none" : name.Failure;
        test.Fault = zero ?? test.Fault;
        var proof = FaultProof.Of(external ? "none" : name.Failure, test, timeline);
        var generator = GeneratorCheck.Of(timeline);
        var input = clients.IsEmpty && aiPerf.Length > 0 ? null : Input(failure, test, timeline, proof, pods, counted.Requests, options);
        LegacyRow? row = null;
        SideBySide.Do(
            () => row = LegacyParser.Row(failure, test, clients.SelectMany(client => client.Attempts.Chunks()), pods, options.Sla),
            () => _ = input?.Harm);
        row = (clients.IsEmpty ? AiPerfRow.Filled(row!, aiPerf) : row!) with { Failure = name.Failure };
        var (state, notes) = RowVerdict.Of(failure, row, timeline, test, proof, generator, findings, books, pods.Files > 0, attempts);
        ImmutableArray<ExternalWindow>? windows = !external ? null : input is null ? [] : ExternalSearch.Windows(timeline, input);
        var (recovery, damage) = input is null ? ([], null) : Measure(input, attempts, options);
        var upgrade = Upgrade.Of(timeline, attempts);
        var first = failure == "none" ? null : input?.Zero ?? test.Fault;
        var continuity = ContinuitySearch.Of(attempts, first, timeline, metrics);
        var rates = RateCurve.Of(timeline.Events);
        var numbers = NumbersTally.Of(
            attempts, timeline.Of<LoadStarted>().LastOrDefault(), WarmUpEnd(timeline),
            damage is not null && input is not null ? (input.Zero, damage.Recovered) : null);
        var vantage = probe is null ? null : Vantage.Of(
            VantagePoint.Of(attempts, books, OutageOf(recovery), WarmUpEnd(timeline), first), probe, input, WarmUpEnd(timeline), first);
        return new ScenarioResult
        {
            Name = name.Name,
            Trial = name.Trial,
            Group = name.Group,
            Folder = path,
            Row = row,
            Vantage = vantage,
            Rates = rates,
            Recovery = recovery,
            SteadyFor = input?.SteadyFor,
            Damage = damage,
            Upgrade = upgrade,
            Availability = input is null ? null : Availability.Of(input.Requests, input.Zero),
            Faults = FaultVerdicts.Of(Observation.Of(timeline), input, recovery, options.Measures.Recovery),
            State = state,
            Notes = [.. notes, .. counted.Answers, .. ContinuityNotes.Of(continuity), .. GraphNotes.Of(timeline),
                .. AiPerfRow.Notes(aiPerf, hasRequests),
                .. (upgrade?.Platform ?? []).Select(said => $"the platform says of the rollout: {said}"),
                .. BaselineNotes(failure, counted.Failures), .. ExternalNotes.Of(windows, timeline), .. RateWords.Of(rates, numbers),
                .. (probe?.Generator?.Reasons ?? []).Select(why => $"the client from here cannot be trusted beside the load: {why}")],
            Books = books,
            AiPerf = aiPerf,
            External = windows,
            Numbers = numbers,
            FaultAt = failure == "none" ? null : test.Fault,
            LandedAt = proof.FirstLanded,
            Zero = first,
            Continuity = continuity,
            Proofs = proof.Proofs,
            Generator = generator,
            Connections = counted.Connections,
            Failures = counted.Failures,
            Attempts = [.. attempts],
            Unsent = [.. clients.SelectMany(client => client.Unsent)],
            Timeline = timeline.Events,
            ReadyLines = pods.Ready,
            Metrics = metrics,
            Diagnostics = [.. findings],
        };
    }

    // Where nothing was broken on purpose, what failed is the first thing to know.
    private static IEnumerable<string> BaselineNotes(string failure, ImmutableArray<FailureText> failures) =>
        failure != "none" || failures.All(text => !text.Outcome.TellsOfService()) ? []
            : [$"requests failed without a fault: {string.Join("; ", failures.Where(text => text.Outcome.TellsOfService()))}"];

    private static string NoReadyText(ImmutableArray<string> unknown) =>
        unknown.IsEmpty
            ? "there is no pod's log; Recovery is unknown"
            : $"no ready text is known for {(unknown.Length == 1 ? "the service" : "the services")} {string.Join(", ", unknown.Select(name => $"'{name}'"))}; Recovery is unknown (readyTexts in scenarios.json can give one)";

    private static Measured OutageOf(ImmutableArray<(string Name, Measured Value)> recovery) =>
        recovery.Where(one => one.Name == Outage.Key).Select(one => one.Value).FirstOrDefault(Measured.Unknown);

    // Each goes through all requests several times; with a million of them that is worth a processor of its own.
    private static (ImmutableArray<(string Name, Measured Value)> Recovery, Damage? Damage) Measure(
        RecoveryInput input, AttemptCollection[] attempts, ParseOptions options)
    {
        ImmutableArray<(string Name, Measured Value)> recovery = [];
        Damage? damage = null;
        SideBySide.Do(
            () => recovery = RecoveryDefinitions.Of(input, options.Measures.Recovery),
            () => damage = Damage.Of(input, attempts)
        );
        return (recovery, damage);
    }

    private static RecoveryInput? Input(
        string failure,
        TestLogTimes test,
        Timeline timeline,
        FaultProof proof,
        PodLogs pods,
        RequestSample[] requests,
        ParseOptions options
    )
    {
        if (failure == "none" || (proof.FirstIssued ?? proof.FirstLanded ?? test.Fault) is not { } zero)
        {
            return null;
        }

        var warm = WarmUpEnd(timeline);
        var faultFree = requests.Length == 0 ? TimeSpan.Zero
            : TimeSpan.FromTicks(Math.Max(0, zero - Math.Max(warm, requests[0].Start)));
        return new RecoveryInput
        {
            Zero = zero,
            IsOrdered = proof.FirstIssued is not null,
            Landed = proof.FirstLanded ?? (proof.FirstIssued is null ? zero : null),
            MeasuredFrom = warm,
            IsOpenLoop = timeline.Of<LoadStarted>().LastOrDefault()?.Mode == LoadMode.Open,
            OutputTokens = timeline.Of<LoadStarted>().LastOrDefault()?.OutputTokens is > 0 and var tokens ? tokens : null,
            Service = timeline.Of<FaultLanded>().FirstOrDefault()?.Service ?? timeline.Of<FaultIssued>().FirstOrDefault()?.Service,
            Requests = requests,
            Timeline = Observation.Of(timeline),
            ReadyLines = pods.Ready,
            Silent = pods.Silent,
            SteadyFor = options.SteadyFor ?? (faultFree < LongestSteadyFor ? faultFree : LongestSteadyFor),
        };
    }

    private static long WarmUpEnd(Timeline timeline) =>
        timeline.Of<LoadStarted>().LastOrDefault()?.WarmUp is > 0 and var warmUp
        && timeline.Of<FirstRequestSent>().LastOrDefault() is { } first
            ? first.At + (long)(warmUp * TimeSpan.TicksPerSecond)
            : 0;

    /// <summary>A row for a scenario that was asked for and left no folder.</summary>
    public static ScenarioResult Missing(string run, ScenarioName name) =>
        Failed(
            ScenarioFolder.In(run, name.Name).Path,
            name,
            new Diagnostic(ParseCodes.MissingScenario, Severity.Error, $"the scenario '{name.Name}' was asked for and left no artefacts")
            {
                File = run,
            }
        );

    /// <summary>A row without values, and why.</summary>
    public static ScenarioResult Failed(string path, ScenarioName name, Diagnostic why) => new()
    {
        Name = name.Name,
        Trial = name.Trial,
        Group = name.Group,
        Folder = path,
        Row = new LegacyRow(name.Failure),
        State = RowState.Failed,
        Notes = [$"{why.Code}: {why.Message}"],
        Books = new RequestBooks(null, 0, 0, 0, 0, 0),
        Diagnostics = [why],
    };
}
