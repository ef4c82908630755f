using System.Collections.Immutable;
using FaultTolerance.Artefacts.Metrics;
using FaultTolerance.Results;

namespace FaultTolerance.Reports.Page.Figure;

/// <summary>A metric that explains what clients saw, whatever the engine calls it.</summary>
/// <param name="Key">Its name in CSS.</param>
/// <param name="Title">What the legend says.</param>
/// <param name="IsCounter">Whether it only grows: then its growth since the load began is shown.</param>
/// <param name="Names">Its names in the engines that have it.</param>
internal sealed record Explaining(string Key, string Title, bool IsCounter, ImmutableArray<string> Names)
{
    /// <summary>What is drawn.</summary>
    public static ImmutableArray<Explaining> All { get; } =
    [
        new("inflight", "in flight in frontends", false, ["dynamo_frontend_inflight_requests"]),
        new("running", "running in engines", false, ["vllm:num_requests_running", "sglang:num_running_reqs"]),
        new(
            "waiting",
            "waiting in a queue",
            false,
            ["dynamo_frontend_queued_requests", "vllm:num_requests_waiting", "sglang:num_queue_reqs"]
        ),
        new("migrated", "migrated so far", true, ["dynamo_frontend_model_migration_total"]),
    ];

    /// <summary>The metric that a series belongs to, or null.</summary>
    public static Explaining? Of(string series) =>
        All.FirstOrDefault(one => one.Names.Contains(Exposition.Name(series), StringComparer.Ordinal));
}

/// <summary>A metric over time, summed over all pods that answer: steps, and null from where on none does.</summary>
/// <param name="Metric">What it is.</param>
/// <param name="Steps">From when on it had which value, by time.</param>
internal sealed record MetricLine(Explaining Metric, ImmutableArray<(long At, double? Value)> Steps)
{
    /// <summary>The lines of a row; a metric that never was other than 0 is left out, since it explains nothing.</summary>
    public static ImmutableArray<MetricLine> Of(ScenarioResult row) =>
    [
        .. Explaining.All.Select(metric => new MetricLine(metric, Sum(metric, [.. row.Metrics.SelectMany(pod => Series(metric, pod))])))
            .Where(line => line.Steps.Any(step => step.Value > 0)),
    ];

    // Of each series what it had at each time that its pod was asked; null where the pod gave no answer.
    private static IEnumerable<List<(long At, double? Value)>> Series(Explaining metric, PodMetrics pod)
    {
        foreach (
            var changes in pod
                .Series.Where(series => metric.Names.Contains(Exposition.Name(series.Key), StringComparer.Ordinal))
                .Select(series => series.Value)
        )
        {
            var (values, next, value) = (new List<(long At, double? Value)>(pod.Polls.Length), 0, (double?)null);
            foreach (var (at, answered) in pod.Polls)
            {
                for (; next < changes.Length && changes[next].At <= at; next++)
                {
                    value = changes[next].Value;
                }

                values.Add((at, answered ? value - (metric.IsCounter ? changes[0].Value : 0) : null));
            }

            yield return values;
        }
    }

    private static ImmutableArray<(long At, double? Value)> Sum(Explaining metric, List<List<(long At, double? Value)>> series)
    {
        var latest = new double?[series.Count];
        var steps = ImmutableArray.CreateBuilder<(long At, double? Value)>();
        foreach (
            var moment in series
                .SelectMany((values, i) => values.Select(step => (step.At, step.Value, Series: i)))
                .GroupBy(step => step.At)
                .OrderBy(moment => moment.Key)
        )
        {
            foreach (var (_, value, i) in moment)
            {
                // A counter that was started anew has not taken back what it had counted.
                latest[i] = metric.IsCounter ? Math.Max(latest[i] ?? 0, value ?? 0) : value;
            }

            double? sum = latest.Any(value => value is not null) ? latest.Sum(value => value ?? 0) : null;
            if (steps.Count == 0 || steps[^1].Value != sum)
            {
                steps.Add((moment.Key, sum));
            }
        }

        return steps.ToImmutable();
    }
}
