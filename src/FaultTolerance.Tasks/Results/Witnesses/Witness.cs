using System.Collections.Immutable;
using System.Globalization;
using FaultTolerance.Artefacts;
using FaultTolerance.Artefacts.Events;
using FaultTolerance.Artefacts.Metrics;
using FaultTolerance.Artefacts.Reading;

namespace FaultTolerance.Results.Witnesses;

/// <summary>
/// What the graph's own processes counted against what this row's clients sent and got. More at a frontend or a worker means that
/// somebody else used them; fewer at the workers than were answered means that workers of another graph answered. Such a row measured
/// something else. Counts are compared at every look, exactly but for what a process took with it when it ended, and for a small share.
/// </summary>
internal static class Witness
{
    // A monitor that asks now and then is no neighbour.
    private const double Share = 0.01;
    private const int Least = 5;

    private static readonly string[] Told = ["endpoint", "request_type", "model"];

    /// <summary>What does not agree beyond a small share, as errors (FT0831).</summary>
    /// <param name="folder">The scenario's folder, for messages.</param>
    /// <param name="pods">The pods' metrics through the load.</param>
    /// <param name="clients">What the clients sent.</param>
    /// <param name="timeline">Pods that came and went, and those of other graphs.</param>
    public static IEnumerable<Diagnostic> Check(
        string folder,
        ImmutableArray<PodMetrics> pods,
        IReadOnlyCollection<AttemptCollection> clients,
        Timeline timeline
    )
    {
        if (!pods.Any(pod => pod.Polls.Any(poll => poll.Answered)) || ClientCounts.Of(clients) is not { } own)
        {
            return [];
        }

        var tokens = timeline.Of<LoadStarted>().LastOrDefault()?.OutputTokens ?? 0;
        var frontends = Counts(pods, ofFrontends: true, timeline, own);
        return OfFrontends(frontends, own, timeline)
            .Concat(OfWorkers(Counts(pods, ofFrontends: false, timeline, own), pods, own, Strange(frontends, own), tokens, timeline))
            .Select(message => new Diagnostic(ParseCodes.NotAlone, Severity.Error, message) { File = folder });
    }

    private static PodCount[] Counts(ImmutableArray<PodMetrics> pods, bool ofFrontends, Timeline timeline, ClientCounts own) =>
        [.. pods.Select(pod => PodCount.Of(pod, ofFrontends, timeline, own.From, own.To)).OfType<PodCount>()];

    private static double Slack(double sent) => Math.Max(Least, Share * sent);

    private static IEnumerable<string> OfFrontends(PodCount[] counts, ClientCounts own, Timeline timeline)
    {
        // What a fault sent itself is in no client's log.
        var faults = timeline.Of<FaultLanded>().Sum(fault => fault.Requests ?? 0);

        // Services in line count the same requests: each by itself.
        foreach (var service in counts.GroupBy(count => count.Pod.Service, StringComparer.Ordinal))
        {
            var (ours, others) = Split(service, own);
            var (excess, of) = (Difference.Excess(ours, own, 1), others.Sum(other => other.Count));
            if (Math.Max(0, excess.By) + of > Slack(own.Sent) + faults)
            {
                var (counted, sent) = excess.By > 0 ? (excess.Counted, excess.Clients) : (ours.Sum(pod => pod.Count), own.Sent);
                yield return $"the frontends of {service.Key} counted {Text(counted + of)} requests where this row's clients sent "
                    + $"{Text(sent)}: other clients used them too{(of == 0 ? $", at {ByPod(ours)}" : $" ({ByKind(others)})")}";
            }

            var answers = ours.Select(pod => pod with { Series = [.. pod.Series.Where(series => IsSuccess(series.Labels))] });
            var shortage = Difference.Shortage([.. answers], own, 1, tokens: false);
            if (shortage.By > Slack(own.Sent))
            {
                yield return $"the frontends of {service.Key} counted {Text(shortage.Counted)} answers ({ByPod(ours)}) where "
                    + $"{Text(shortage.Clients)} were answered: {Neighbours.Told(timeline, own.From, own.To)} answered the others";
            }
        }
    }

    // What the row's own frontends took from other clients, and so may have passed on.
    private static double Strange(PodCount[] frontends, ClientCounts own) => frontends
        .GroupBy(count => count.Pod.Service, StringComparer.Ordinal)
        .Select(service => Split(service, own))
        .Select(split => Math.Max(0, Difference.Excess(split.Ours, own, 1).By) + split.Others.Sum(other => other.Count))
        .DefaultIfEmpty(0)
        .Max();

    // The series that count what this row's clients ask for, and the others.
    private static (PodCount[] Ours, (string Pod, ImmutableDictionary<string, string> Labels, double Count)[] Others) Split(
        IEnumerable<PodCount> service, ClientCounts own)
    {
        PodCount[] pods = [.. service];
        var hasOurs = Array.Exists(pods, pod => pod.Series.Any(series => IsOurs(series.Labels, own)));
        bool Counts(SeriesCount series) => !hasOurs || IsOurs(series.Labels, own);
        return (
            [.. pods.Select(pod => pod with { Series = [.. pod.Series.Where(Counts)] })],
            [
                .. pods
                    .SelectMany(pod => pod.Series.Where(s => !Counts(s)).Select(s => (pod.Pod.Pod, s.Labels, s.Count)))
                    .Where(other => other.Count > 0),
            ]
        );
    }

    private static IEnumerable<string> OfWorkers(
        PodCount[] counts, ImmutableArray<PodMetrics> pods, ClientCounts own, double strange, long tokens, Timeline timeline)
    {
        // Without the number of tokens that each request asks for, those of the answers say nothing of how many there were.
        counts = [.. counts.Where(count => tokens > 0 || !count.Counter.CountsTokens)];
        var migrated = pods.Sum(pod =>
            pod.Series.Where(series => Exposition.Name(series.Key) == RequestCounter.Migrations).Sum(series => pod.Rise(series.Value)));
        foreach (var service in counts.GroupBy(count => count.Pod.Service, StringComparer.Ordinal))
        {
            var unit = service.First().Counter.CountsTokens ? tokens : 1;
            var excess = Difference.Excess([.. service], own, unit);
            if (excess.By > (migrated + strange + Slack(own.Sent)) * unit)
            {
                yield return $"the workers of {service.Key} counted {Text(excess.Counted)} {Unit(service)} ({ByPod(service)}) where "
                    + $"this row's clients sent {Text(excess.Clients)}: {Neighbours.Told(timeline, own.From, own.To)} sent the others";
            }
        }

        // Prefill workers count a request that decode workers count as well.
        var serving = counts.Where(count => !count.Pod.Service.Contains("prefill", StringComparison.OrdinalIgnoreCase)).ToArray();
        serving = serving.Length > 0 ? serving : counts;
        if (serving.Length == 0)
        {
            yield break;
        }

        var ofTokens = serving[0].Counter.CountsTokens;
        var each = ofTokens ? tokens : 1;
        var shortage = Difference.Shortage(serving, own, each, ofTokens);
        if (shortage.By > Slack(own.Sent) * each)
        {
            yield return $"the workers counted {Text(shortage.Counted)} {Unit(serving)} ({ByPod(serving)}) where "
                + $"{Text(shortage.Clients)} were answered: {Neighbours.Told(timeline, own.From, own.To)} answered the others";
        }
    }

    private static bool IsSuccess(ImmutableDictionary<string, string> labels) => labels.GetValueOrDefault("status", "success") == "success";

    // What says neither the path nor whether it streamed may be ours.
    private static bool IsOurs(ImmutableDictionary<string, string> labels, ClientCounts own) =>
        labels.GetValueOrDefault("endpoint", "chat_completions").Contains("chat", StringComparison.Ordinal)
        && labels.GetValueOrDefault("request_type", "") switch
        {
            "stream" => own.Streamed,
            "unary" => !own.Streamed,
            _ => true,
        };

    private static string ByKind(IEnumerable<(string Pod, ImmutableDictionary<string, string> Labels, double Count)> series) =>
        string.Join("; ", series.GroupBy(s => Kind(s.Labels), StringComparer.Ordinal).Select(kind =>
            $"{Text(kind.Sum(s => s.Count))} of {kind.Key} at "
            + string.Join(", ", kind.Select(s => s.Pod).Distinct(StringComparer.Ordinal))));

    private static string Kind(ImmutableDictionary<string, string> labels) =>
        string.Join(" ", Told.Select(name => labels.GetValueOrDefault(name, ""))
            .Where(value => value.Length > 0));

    private static string ByPod(IEnumerable<PodCount> counts) =>
        string.Join(", ", counts.Select(count => $"{count.Pod.Pod} {Text(count.Count)}"));

    private static string Unit(IEnumerable<PodCount> counts) => counts.First().Counter.CountsTokens ? "tokens" : "requests";

    private static string Text(double count) => count.ToString("0", CultureInfo.InvariantCulture);
}
