using FaultTolerance.Artefacts;
using FaultTolerance.Artefacts.Events;
using FaultTolerance.Faults.Words;
using FaultTolerance.Results;
using static FaultTolerance.Reports.Page.Sections.Tables;

namespace FaultTolerance.Reports.Page.Sections;

/// <summary>
/// What the row rests on: the fault and its proof, the generator's health, single requests, and the lines that tell of them.
/// </summary>
internal static class Evidence
{
    private const int Listed = 10;
    private const int ListedInFlight = 5;
    private const int MostEvents = 40;
    private const int ListedTexts = 8;

    /// <summary>What was done, and how it is known.</summary>
    public static Markup Fault(ScenarioResult row, FaultWordbook words) =>
        Tables.Draw(
            "The fault and its proof",
            ["#At", "Event", "*What", "*Proof", "#Timeline’s line"],
            row.Timeline.OfType<FaultEvent>()
                .Select(item =>
                    new[]
                    {
                        Text(Relative(row, item.At)),
                        Text(item.ShortName),
                        Text(words.Of(item.Kind).Evidence(Words.Plain(item))),
                        Text(item.Proof ?? (item as FaultUnproven)?.Reason ?? "–"),
                        TimelineLine(item),
                    }
                )
        );

    /// <summary>How well the load generator kept to its plan.</summary>
    public static Markup Health(ScenarioResult row)
    {
        if (row.Timeline.OfType<LoadHealth>().LastOrDefault() is not { } health)
        {
            return Markup.Empty;
        }

        static string Value(double? seconds) => seconds is { } told ? Words.Span(told) : "not measured";
        static string Rate(double? rate) => rate is { } told ? $"{Words.Number(told)} /s" : "not measured";
        var state = health.Valid switch
        {
            true => "healthy",
            false => $"not healthy, {string.Join("; ", health.Reasons)}",
            _ => "whether it was healthy is not told",
        };
        return Tables.Draw(
            $"The load generator: {state}",
            ["What", "#Measured"],
            [
                [
                    Text("Late in sending, p50 / p99 / greatest"),
                    Text($"{Value(health.SendLagP50)} / {Value(health.SendLagP99)} / {Value(health.SendLagMax)}"),
                ],
                [Text("The machine's own timers, p50 / p99"), Text($"{Value(health.FloorP50)} / {Value(health.FloorP99)}")],
                [Text("Rate asked for (closed loop: the limit)"), Text(Rate(health.AskedRate))],
                [Text("Rate sent"), Text(Rate(health.AchievedRate))],
                [Text("Share of the processors"), Text(health.CpuShare is { } share ? Words.Share(share) : "not measured")],
                [Text("Thread pool's delay, p99"), Text(Value(health.PoolDelayP99))],
                [Text("Told by"), Markup.Of($"line {health.Line} of timeline.jsonl")],
            ]
        );
    }

    /// <summary>What became of the requests that were under way at the fault.</summary>
    public static Markup InFlight(ScenarioResult row)
    {
        if ((row.LandedAt ?? row.FaultAt) is not { } zero)
        {
            return Markup.Empty;
        }

        List<Attempt> open =
        [
            .. Last(row, (in Attempt attempt) => attempt.Sent != 0 && attempt.Sent <= zero && attempt.Ended > zero)
                .OrderBy(attempt => attempt.Sent),
        ];
        var counts = string.Join(
            ", ",
            open.GroupBy(attempt => attempt.Outcome).OrderBy(group => group.Key).Select(group => $"{group.Count()} {group.Key}")
        );
        return open.Count == 0
            ? new Markup("<p>No request was in flight when the fault landed.</p>\n")
            : Requests(
                row,
                $"In flight when the fault landed: {open.Count} ({counts}){(open.Count > ListedInFlight ? $"; the {ListedInFlight} longest out" : "")}",
                open.Take(ListedInFlight)
            );
    }

    /// <summary>The slowest requests.</summary>
    public static Markup Slowest(ScenarioResult row) =>
        Requests(row, "Slowest requests", First(
            row, static (in Attempt _) => true, static (in Attempt attempt) => (-attempt.ElapsedNanoseconds, attempt.Ended)));

    /// <summary>What failed requests met, the most frequent first.</summary>
    public static Markup Said(ScenarioResult row) =>
        Tables.Draw(
            "What failed requests met",
            ["Outcome", "#Requests", "*Said"],
            row.Failures.Take(ListedTexts).Select(text => new[] { Text($"{text.Outcome}"), Text(Words.Count(text.Count)), Text(Shorten(text.Said)) })
        );

    /// <summary>The first requests that failed.</summary>
    public static Markup Failures(ScenarioResult row) =>
        Requests(
            row,
            "First failures",
            First(
                row,
                static (in Attempt attempt) => attempt.Outcome != Outcome.Ok,
                static (in Attempt attempt) => (attempt.Ended, attempt.Client)
            )
        );

    /// <summary>The timeline.</summary>
    public static Markup Events(ScenarioResult row)
    {
        var from = row.Timeline.OfType<LoadStarted>().FirstOrDefault()?.At ?? long.MinValue;
        var to = row.Timeline.OfType<LoadEnded>().LastOrDefault()?.At ?? long.MaxValue;
        var events = row
            .Timeline.Where(item =>
                item is PodChanged or EndpointChanged or FirstRequestSent or LoadEnded or ErrorNoted or DeploymentReady
                && item.At >= from
                && item.At <= to
            )
            .ToList();
        var caption =
            $"What the cluster did during the load{(events.Count > MostEvents ? $", the first {MostEvents} of {events.Count} events" : "")}";
        return Tables.Draw(
            caption,
            ["#At", "Event", "*What", "#Timeline’s line"],
            events
                .Take(MostEvents)
                .Select(item =>
                    new[]
                    {
                        Text(Relative(row, item.At)),
                        Text(item is PodChanged { ChangeText: { } change } ? $"{item.Name} {change}" : item.Name),
                        Text(Told(item)),
                        TimelineLine(item),
                    }
                )
        );
    }

    // As the lanes of the picture name it; an endpoint's service is the cluster's name for it, which the pod's begins with.
    private static string Told(TimelineEvent item)
    {
        static string Own(string pod) => pod[(pod.LastIndexOf('-') + 1)..];
        string?[] parts = item switch
        {
            PodChanged pod =>
            [
                pod.Pod is { } name ? $"{pod.Service} {Own(name)}" : pod.Service,
                pod.Reason,
                pod.ExitCode is { } code ? $"exit code {code}" : null,
            ],
            EndpointChanged endpoint =>
            [
                endpoint.Pod is { } name ? Own(name) : endpoint.Service,
                endpoint.Ready is { } ready ? (ready ? "ready" : "not ready") : null,
            ],
            ErrorNoted error => [error.Message],
            _ => [],
        };
        return string.Join(" ", parts.Where(part => part is not null));
    }

    private static Markup Requests(ScenarioResult row, string caption, IEnumerable<Attempt> attempts) => Tables.Draw(
        caption, ["Request", "#Sent", "#Took", "Outcome", "*Said"],
        attempts.Select(attempt => new[]
        {
            RequestLink(row, attempt), Text(attempt.Sent == 0 ? "–" : Relative(row, attempt.Sent)), Text(Words.Span(attempt.Seconds)),
            Text($"{attempt.Outcome}{(attempt.Status > 0 ? $" {attempt.Status}" : "")}"), Text(Shorten(SecretText.Hide(ForeignText.Line(attempt.Error)))),
        }));

    // The fragment takes browsers that know text fragments to the very line.
    private static Markup RequestLink(ScenarioResult row, Attempt attempt) =>
        Link(
            $"{Words.Href(Path.GetFileName(row.Folder), $"client_{attempt.Client}.log.txt")}#:~:text={Uri.EscapeDataString($"\"request\": {attempt.Request},")}",
            $"client {attempt.Client}, request {attempt.Request}"
        );

    // The page would be a third longer with an address in each row: the file is linked once a scenario.
    private static Markup TimelineLine(TimelineEvent item) => Markup.Of($"{item.Line}");

    private static string Relative(ScenarioResult row, long at)
    {
        var zero = row.Zero ?? row.Timeline.OfType<FirstRequestSent>().FirstOrDefault()?.At ?? at;
        var seconds = (double)(at - zero) / TimeSpan.TicksPerSecond;
        return seconds == 0 ? "0" : $"{(seconds < 0 ? "−" : "+")}{Words.Span(Math.Abs(seconds))}";
    }

    private delegate T Asked<out T>(in Attempt attempt);

    // Without a copy of each of what may be a million.
    private static List<Attempt> Last(ScenarioResult row, Asked<bool> isMeant)
    {
        var meant = new List<Attempt>();
        foreach (var chunk in row.Attempts.SelectMany(client => client.Chunks()))
        {
            foreach (ref readonly var attempt in chunk.Span)
            {
                if (attempt.IsLast && isMeant(attempt))
                {
                    meant.Add(attempt);
                }
            }
        }

        return meant;
    }

    // The first few last attempts by a key, equal ones in their order. Sorting would copy each of what may be a million.
    private static IEnumerable<Attempt> First(ScenarioResult row, Asked<bool> isMeant, Asked<(long, long)> key)
    {
        var kept = new PriorityQueue<Attempt, ((long, long), int)>(
            Comparer<((long, long), int)>.Create(static (one, other) => other.CompareTo(one))
        );
        var (count, most) = (0, default(((long, long) Key, int)));
        foreach (var chunk in row.Attempts.SelectMany(client => client.Chunks()))
        {
            foreach (ref readonly var attempt in chunk.Span)
            {
                if (!attempt.IsLast || !isMeant(attempt) || (kept.Count == Listed && key(attempt).CompareTo(most.Key) >= 0))
                {
                    continue;
                }

                kept.Enqueue(attempt, (key(attempt), count++));
                if (kept.Count > Listed)
                {
                    kept.Dequeue();
                }

                kept.TryPeek(out _, out most);
            }
        }

        return kept.UnorderedItems.OrderBy(static item => item.Priority).Select(static item => item.Element);
    }

    private static string Shorten(string? text) => text is null ? "" : text.Length > 140 ? $"{text[..139]}…" : text;
}
