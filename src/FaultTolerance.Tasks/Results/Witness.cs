using System.Collections.Immutable;
using System.Globalization;
using FaultTolerance.Artefacts;
using FaultTolerance.Artefacts.Metrics;
using FaultTolerance.Artefacts.Reading;

namespace FaultTolerance.Results;

/// <summary>
/// What the graph's own processes counted against what this row's clients sent and got. More at a frontend or a worker means that somebody
/// else
/// used them; fewer at the workers than were answered means that workers of another graph answered. Such a row measured something else.
/// </summary>
internal static class Witness
{
    // In-flight requests, warm-up probes and what is counted between two samples.
    private const double Share = 0.05;
    private const int Least = 20;

    private static readonly string[] OfFrontends = ["dynamo_frontend_requests_total"];
    private static readonly string[] OfWorkers =
    [
        "dynamo_component_requests_total",
        "vllm:request_success_total",
        "sglang:num_requests_total",
    ];

    /// <summary>What does not agree beyond a small share, as errors (FT0831).</summary>
    /// <param name="folder">The scenario's folder, for messages.</param>
    /// <param name="pods">The pods' metrics through the load.</param>
    /// <param name="clients">What the clients sent.</param>
    public static IEnumerable<Diagnostic> Check(
        string folder,
        ImmutableArray<PodMetrics> pods,
        IReadOnlyCollection<AttemptCollection> clients
    )
    {
        var asked = pods.SelectMany(p => p.Polls).Where(poll => poll.Answered).Select(poll => poll.At).ToArray();
        if (asked.Length < 2)
        {
            yield break;
        }

        var (sent, answered) = Count(clients, asked.Min(), asked.Max());
        if (sent == 0)
        {
            yield break;
        }

        var unsampled = Unsampled(pods, sent, asked);
        var slack = Math.Max(Least, (Share * sent) + unsampled);
        foreach (var (names, what) in new[] { (OfFrontends, "frontends"), (OfWorkers, "workers") })
        {
            var counted = ByService(pods, names);
            foreach (var (service, count) in counted.Where(c => c.Count > sent + slack))
            {
                yield return Error(
                    folder,
                    $"the {what} of {service} counted {Text(count)} requests where this row's clients sent {sent}: other clients, or another row's graph, used them too"
                );
            }

            if (
                what == "workers"
                && counted.Count > 0
                && counted.Max(c => c.Count) is var most
                && most + slack + Lost(pods, names, unsampled) < answered
            )
            {
                yield return Error(
                    folder,
                    $"the workers counted {Text(most)} requests where {answered} were answered: workers of another graph in the same Dynamo namespace answered the others"
                );
            }
        }
    }

    private static Diagnostic Error(string folder, string message) => new(ParseCodes.NotAlone, Severity.Error, message) { File = folder };

    private static string Text(double count) => count.ToString("0", CultureInfo.InvariantCulture);

    // What was sent and what was answered between the first and the last look at the counters.
    private static (long Sent, long Answered) Count(IReadOnlyCollection<AttemptCollection> clients, long from, long to)
    {
        long sent = 0, answered = 0;
        foreach (var chunk in clients.SelectMany(c => c.Chunks()))
        {
            foreach (ref readonly var attempt in chunk.Span)
            {
                sent += attempt.Sent >= from && attempt.Sent <= to ? 1 : 0;
                answered += attempt.Sent >= from && attempt.RequestEnd <= to && attempt is { IsLast: true, Outcome: Outcome.Ok } ? 1 : 0;
            }
        }

        return (sent, answered);
    }

    private static List<(string Service, double Count)> ByService(ImmutableArray<PodMetrics> pods, string[] names) =>
        [
            .. pods.Where(p => Counters(p, names).Length > 0)
                .GroupBy(p => p.Service, StringComparer.Ordinal)
                .Select(g => (g.Key, g.Sum(p => Counters(p, names).Sum(c => Increase(p, c))))),
        ];

    // The first of the names that the pod has; of a worker's endpoints those that generate, where it tells them apart.
    private static ImmutableArray<MetricChange>[] Counters(PodMetrics pod, string[] names)
    {
        var name = names.FirstOrDefault(n => pod.Series.Keys.Any(s => Exposition.Name(s) == n));
        var series = pod.Series.Where(s => Exposition.Name(s.Key) == name).ToArray();
        var generating = series.Where(s => s.Key.Contains("=\"generate\"", StringComparison.Ordinal)).ToArray();
        return [.. (generating.Length > 0 ? generating : series).Select(s => s.Value)];
    }

    // A counter that falls has begun anew; one that was not there at the first look began at 0.
    private static double Increase(PodMetrics pod, ImmutableArray<MetricChange> values)
    {
        var first = pod.Polls.FirstOrDefault(p => p.Answered).At;
        var last = values[0].At > first ? 0 : values[0].Value;
        double sum = 0;
        foreach (var change in values)
        {
            sum += change.Value >= last ? change.Value - last : change.Value;
            last = change.Value;
        }

        return sum;
    }

    // Requests that fit between two looks.
    private static double Unsampled(ImmutableArray<PodMetrics> pods, long sent, long[] asked)
    {
        var length = asked.Max() - asked.Min();
        var looks = pods.Max(p => p.Polls.Length);
        return length <= 0 || looks < 2 ? sent : 2.0 * sent / (looks - 1);
    }

    // A process that ends takes with it what it counted since the last look.
    private static double Lost(ImmutableArray<PodMetrics> pods, string[] names, double unsampled) =>
        unsampled
        * pods.Count(p =>
            p.Polls.Any(poll => !poll.Answered)
            || Counters(p, names).Any(c => c.Zip(c.Skip(1)).Any(pair => pair.Second.Value < pair.First.Value))
        );
}
