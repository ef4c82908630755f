using System.Text.Json.Nodes;
using FaultTolerance.Artefacts.Metrics;
using FaultTolerance.Scenarios;
using FaultTolerance.Scenarios.Reading;
using static FaultTolerance.Results.Checks.Finding;

namespace FaultTolerance.Results.Checks.Kinds;

/// <summary>How fast the resident memory of a pod's process grows through the load, by the line that fits its samples best.</summary>
internal sealed class MemoryGrowth : ICheck
{
    private const string Metric = "process_resident_memory_bytes";
    private const double Mebi = 1024 * 1024;
    private const double Most = 1_000_000;
    private const int Fewest = 5;

    public string Key => "memoryGrowthAtMost";

    public string UnknownWhen => $"fewer than {Fewest} samples of {Metric}";

    public JsonObject Schema => Limits.Number("Growth of any pod's resident memory through the load, MiB a minute.", Most);

    public IEnumerable<CheckSpec> Read(ObjectReader item) => [new CheckSpec(Key) { AtMost = item.Number(Key, 0, 0, Most) }];

    public bool IsWhole(CheckSpec check) => check.AtMost is not null;

    public string Asked(CheckSpec check) => $"memory growth of every pod at most {Number(check.AtMost)} MiB a minute";

    public Finding Judge(ScenarioResult row, CheckSpec check)
    {
        (PodMetrics Pod, double Slope)[] slopes =
        [
            .. from pod in row.Metrics
               from series in pod.Series
               where Exposition.Name(series.Key) == Metric
               let slope = Slope(pod, series.Value)
               where slope is not null
               select (pod, slope.Value),
        ];
        if (slopes.Length == 0)
        {
            return Unknown($"no pod has {Fewest} samples of {Metric}");
        }

        var (worst, most) = slopes.MaxBy(one => one.Slope);
        return Of(
            most <= check.AtMost, $"{Number(Math.Round(most, 2))} MiB a minute in {worst.Pod}, the most of {slopes.Length}", worst.File);
    }

    // Samples are kept where they change: between two of them the earlier one held.
    private static double? Slope(PodMetrics pod, IReadOnlyList<MetricChange> changes)
    {
        var (values, next) = (new List<(double X, double Y)>(), 0);
        foreach (var (at, answered) in pod.Polls)
        {
            while (next < changes.Count && changes[next].At <= at)
            {
                next++;
            }

            if (answered && next > 0)
            {
                values.Add((TimeSpan.FromTicks(at - pod.Polls[0].At).TotalMinutes, changes[next - 1].Value / Mebi));
            }
        }

        if (values.Count < Fewest)
        {
            return null;
        }

        var (x, y) = (values.Average(value => value.X), values.Average(value => value.Y));
        var spread = values.Sum(value => (value.X - x) * (value.X - x));
        return spread == 0 ? null : values.Sum(value => (value.X - x) * (value.Y - y)) / spread;
    }
}
