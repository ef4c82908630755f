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
/// something else. Counts are compared exactly but for what a process took with it when it ended, and for a small share.
/// </summary>
internal static class Witness
{
    // A monitor that asks now and then is no neighbour.
    private const double Share = 0.01;
    private const int Least = 5;

    private const string Migrations = "dynamo_frontend_model_migration_total";

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
        return OfFrontends(Counts(pods, ofFrontends: true, timeline, own), own, timeline)
            .Concat(OfWorkers(Counts(pods, ofFrontends: false, timeline, own), pods, own, tokens, timeline))
            .Select(message => new Diagnostic(ParseCodes.NotAlone, Severity.Error, message) { File = folder });
    }

    private static PodCount[] Counts(ImmutableArray<PodMetrics> pods, bool ofFrontends, Timeline timeline, ClientCounts own) =>
        [.. pods.Select(pod => PodCount.Of(pod, ofFrontends, timeline, own.From, own.To)).OfType<PodCount>()];

    private static double Slack(double sent) => Math.Max(Least, Share * sent);

    private static IEnumerable<string> OfFrontends(PodCount[] counts, ClientCounts own, Timeline timeline)
    {
        // Services in line count the same requests: each by itself.
        foreach (var service in counts.GroupBy(count => count.Pod.Service, StringComparer.Ordinal))
        {
            var series = service.SelectMany(pod => pod.Series.Select(s => (Pod: pod.Pod.Pod, s.Labels, s.Count))).ToArray();
            var hasOurs = series.Any(s => IsOurs(s.Labels, own));
            var ours = series.Where(s => !hasOurs || IsOurs(s.Labels, own)).ToArray();
            var counted = ours.Sum(s => s.Count);
            var others = series.Except(ours).Where(s => s.Count > 0).ToArray();
            var strange = Math.Max(0, counted - own.Sent) + others.Sum(s => s.Count);
            if (strange > Slack(own.Sent))
            {
                var what = others
                    .GroupBy(s => Kind(s.Labels), StringComparer.Ordinal)
                    .Select(kind => $"{Text(kind.Sum(s => s.Count))} of {kind.Key} at {string.Join(", ", kind.Select(s => s.Pod).Distinct(StringComparer.Ordinal))}");
                yield return $"the frontends of {service.Key} counted {Text(counted + others.Sum(s => s.Count))} requests where this row's clients sent {own.Sent}: other clients used them too{(others.Length == 0 ? $", at {ByPod(service)}" : $" ({string.Join("; ", what)})")}";
            }

            var answered = ours.Where(s => s.Labels.GetValueOrDefault("status", "success") == "success").Sum(s => s.Count);
            if (answered + own.Within([.. service.SelectMany(pod => pod.Gaps)]) + Slack(own.Sent) < own.Answered)
            {
                yield return $"the frontends of {service.Key} counted {Text(answered)} answers ({ByPod(service)}) where {own.Answered} were answered: {Neighbours.Told(timeline, own.From, own.To)} answered the others";
            }
        }
    }

    private static IEnumerable<string> OfWorkers(
        PodCount[] counts, ImmutableArray<PodMetrics> pods, ClientCounts own, long tokens, Timeline timeline)
    {
        var migrated = pods.SelectMany(pod => pod.Series.Where(s => Exposition.Name(s.Key) == Migrations))
            .Sum(series => Math.Max(0, series.Value[^1].Value - series.Value[0].Value));
        foreach (var service in counts.GroupBy(count => count.Pod.Service, StringComparer.Ordinal))
        {
            var unit = service.First().Counter.CountsTokens ? tokens : 1;
            var counted = service.Sum(pod => pod.Count);
            if (unit > 0 && counted > (own.Sent + migrated + Slack(own.Sent)) * unit)
            {
                yield return $"the workers of {service.Key} counted {Text(counted)} {Unit(unit)} ({ByPod(service)}) where this row's clients sent {own.Sent * unit}: {Neighbours.Told(timeline, own.From, own.To)} sent the others";
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
        var (took, answered) = (serving.Sum(pod => pod.Count), ofTokens ? own.Tokens : own.Answered);
        var unseen = own.Within([.. serving.SelectMany(pod => pod.Gaps)]) + Slack(own.Sent);
        if (took + (unseen * (ofTokens ? tokens : 1)) < answered)
        {
            yield return $"the workers counted {Text(took)} {Unit(ofTokens ? 2 : 1)} ({ByPod(serving)}) where {answered} were answered: {Neighbours.Told(timeline, own.From, own.To)} answered the others";
        }
    }

    // What says neither the path nor whether it streamed may be ours.
    private static bool IsOurs(ImmutableDictionary<string, string> labels, ClientCounts own) =>
        labels.GetValueOrDefault("endpoint", "chat_completions").Contains("chat", StringComparison.Ordinal)
        && labels.GetValueOrDefault("request_type", "") switch
        {
            "stream" => own.Streamed,
            "unary" => !own.Streamed,
            _ => true,
        };

    private static string Kind(ImmutableDictionary<string, string> labels)
    {
        string?[] told = [labels.GetValueOrDefault("endpoint"), labels.GetValueOrDefault("request_type"), labels.GetValueOrDefault("model")];
        return string.Join(" ", told.Where(label => !string.IsNullOrEmpty(label)));
    }

    private static string ByPod(IEnumerable<PodCount> counts) => string.Join(", ", counts.Select(count => $"{count.Pod.Pod} {Text(count.Count)}"));

    private static string Unit(long unit) => unit == 1 ? "requests" : "tokens";

    private static string Text(double count) => count.ToString("0", CultureInfo.InvariantCulture);
}
