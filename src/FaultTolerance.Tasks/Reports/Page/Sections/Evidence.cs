using System.Globalization;
using FaultTolerance.Artefacts;
using FaultTolerance.Results;
using FaultTolerance.Results.Reading;
using static FaultTolerance.Reports.Page.Sections.Tables;

namespace FaultTolerance.Reports.Page.Sections;

/// <summary>What the row rests on: the fault and its proof, the generator's health, single requests, and the lines that tell of them.</summary>
internal static class Evidence
{
    private const int Listed = 10;
    private const int ListedInFlight = 5;
    private const int MostEvents = 40;

    public static Markup Fault(ScenarioResult row) => Tables.Draw("The fault and its proof", ["#At", "Event", "*What", "*Proof", "#Timeline’s line"],
        row.Timeline.Where(item => item.Name.StartsWith("fault.", StringComparison.Ordinal)).Select(item => new[]
        {
            Text(Relative(row, item.At)), Text(item.Name["fault.".Length..]),
            Text(string.Join(" ", new[] { item["kind"], item["signal"], item["command"] is { } command ? Words.Command(command) : null, item["pod"] }.Where(part => part is not null))),
            Text(item["proof"] ?? item["reason"] ?? "–"), TimelineLine(item),
        }));

    public static Markup Health(ScenarioResult row)
    {
        if (row.Timeline.LastOrDefault(item => item.Name == "load.health") is not { } health)
        {
            return Markup.Empty;
        }

        string Value(string key) => double.TryParse(health[key], NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) ? Words.Span(seconds) : "not measured";
        string Rate(string key) => double.TryParse(health[key], NumberStyles.Float, CultureInfo.InvariantCulture, out var rate) ? $"{Words.Number(rate)} /s" : "not measured";
        var reasons = string.Join("; ", GeneratorCheck.Reasoned(health["reasons"]));
        return Tables.Draw($"The load generator: {health["valid"] switch { "true" => "healthy", "false" => $"not healthy, {reasons}", _ => "whether it was healthy is not told" }}", ["What", "#Measured"],
        [
            [Text("Late in sending, p50 / p99 / greatest"), Text($"{Value("sendLagP50")} / {Value("sendLagP99")} / {Value("sendLagMax")}")],
            [Text("The machine's own timers, p50 / p99"), Text($"{Value("floorP50")} / {Value("floorP99")}")],
            [Text("Rate asked for (closed loop: the limit)"), Text(Rate("askedRate"))],
            [Text("Rate sent"), Text(Rate("achievedRate"))],
            [Text("Share of the processors"), Text(double.TryParse(health["cpuShare"], NumberStyles.Float, CultureInfo.InvariantCulture, out var share) ? Words.Share(share) : "not measured")],
            [Text("Thread pool's delay, p99"), Text(Value("poolDelayP99"))],
            [Text("Told by"), Markup.Of($"line {health.Line} of timeline.jsonl")],
        ]);
    }

    public static Markup InFlight(ScenarioResult row)
    {
        if ((row.LandedAt ?? row.FaultAt) is not { } zero)
        {
            return Markup.Empty;
        }

        var open = Last(row).Where(attempt => attempt.Sent != 0 && attempt.Sent <= zero && attempt.Ended > zero).OrderBy(attempt => attempt.Sent).ToList();
        var counts = string.Join(", ", open.GroupBy(attempt => attempt.Outcome).OrderBy(group => group.Key).Select(group => $"{group.Count()} {group.Key}"));
        return open.Count == 0
            ? new Markup("<p>No request was in flight when the fault landed.</p>\n")
            : Requests(row, $"In flight when the fault landed: {open.Count} ({counts}){(open.Count > ListedInFlight ? $"; the {ListedInFlight} longest out" : "")}", open.Take(ListedInFlight));
    }

    public static Markup Slowest(ScenarioResult row) =>
        Requests(row, "Slowest requests", First(Last(row), attempt => (-attempt.ElapsedNanoseconds, attempt.Ended)));

    public static Markup Failures(ScenarioResult row) =>
        Requests(row, "First failures", First(Last(row).Where(attempt => attempt.Outcome != Outcome.Ok), attempt => (attempt.Ended, attempt.Client)));

    public static Markup Events(ScenarioResult row)
    {
        string[] shown = ["pod", "endpoint", "load.first_request", "load.ended", "error", "deployment.ready"];
        var from = row.Timeline.FirstOrDefault(item => item.Name == "load.started")?.At ?? long.MinValue;
        var to = row.Timeline.LastOrDefault(item => item.Name == "load.ended")?.At ?? long.MaxValue;
        var events = row.Timeline.Where(item => shown.Contains(item.Name, StringComparer.Ordinal) && item.At >= from && item.At <= to).ToList();
        return Tables.Draw($"What the cluster did during the load{(events.Count > MostEvents ? $", the first {MostEvents} of {events.Count} events" : "")}", ["#At", "Event", "*What", "#Timeline’s line"], events.Take(MostEvents).Select(item => new[]
        {
            Text(Relative(row, item.At)), Text(item["change"] is { } change ? $"{item.Name} {change}" : item.Name),
            Text(string.Join(" ", new[] { Who(item), item["ready"] is { } ready ? (ready == "true" ? "ready" : "not ready") : null, item["reason"] ?? item["message"], item["exitCode"] is { } code ? $"exit code {code}" : null }.Where(part => part is not null))),
            TimelineLine(item),
        }));
    }

    private static Markup Requests(ScenarioResult row, string caption, IEnumerable<Attempt> attempts) => Tables.Draw(
        caption, ["Request", "#Sent", "#Took", "Outcome", "*Said"],
        attempts.Select(attempt => new[]
        {
            RequestLink(row, attempt), Text(attempt.Sent == 0 ? "–" : Relative(row, attempt.Sent)), Text(Words.Span(attempt.Seconds)),
            Text($"{attempt.Outcome}{(attempt.Status > 0 ? $" {attempt.Status}" : "")}"), Text(Shorten(attempt.Error)),
        }));

    // The fragment takes browsers that know text fragments to the very line.
    private static Markup RequestLink(ScenarioResult row, Attempt attempt) => Link(
        $"{Words.Href(Path.GetFileName(row.Folder), $"client_{attempt.Client}.log.txt")}#:~:text={Uri.EscapeDataString($"\"request\": {attempt.Request},")}",
        $"client {attempt.Client}, request {attempt.Request}");

    // The page would be a third longer with an address in each row: the file is linked once a scenario.
    private static Markup TimelineLine(TimelineEvent item) => Markup.Of($"{item.Line}");

    private static string Relative(ScenarioResult row, long at)
    {
        var zero = row.Zero ?? row.Timeline.FirstOrDefault(item => item.Name == "load.first_request")?.At ?? at;
        var seconds = (double)(at - zero) / TimeSpan.TicksPerSecond;
        return seconds == 0 ? "0" : $"{(seconds < 0 ? "−" : "+")}{Words.Span(Math.Abs(seconds))}";
    }

    private static IEnumerable<Attempt> Last(ScenarioResult row) => row.Attempts.SelectMany(client => client).Where(attempt => attempt.IsLast);

    // The first few by a key, equal ones in their order. Sorting would copy each of what may be a million.
    private static IEnumerable<Attempt> First(IEnumerable<Attempt> attempts, Func<Attempt, (long, long)> key)
    {
        var kept = new PriorityQueue<Attempt, ((long, long), int)>(Comparer<((long, long), int)>.Create(static (one, other) => other.CompareTo(one)));
        var count = 0;
        foreach (var attempt in attempts)
        {
            kept.Enqueue(attempt, (key(attempt), count++));
            if (kept.Count > Listed)
            {
                kept.Dequeue();
            }
        }

        return kept.UnorderedItems.OrderBy(static item => item.Priority).Select(static item => item.Element);
    }

    // As the lanes of the picture name it; an endpoint's service is the cluster's name for it, which the pod's begins with.
    private static string? Who(TimelineEvent item) => item["pod"] is not { } pod ? item["service"]
        : item.Name == "endpoint" ? pod[(pod.LastIndexOf('-') + 1)..] : $"{item["service"]} {pod[(pod.LastIndexOf('-') + 1)..]}";

    private static string Shorten(string? text) => text is null ? "" : text.Length > 140 ? $"{text[..139]}…" : text;
}
