using System.Globalization;
using FaultTolerance.Artefacts.Metrics;
using FaultTolerance.Reports.Page.Figure;
using FaultTolerance.Results;
using static FaultTolerance.Reports.Page.Sections.Tables;

namespace FaultTolerance.Reports.Page.Sections;

/// <summary>The metrics of the picture by pod, with the lines that they stand in; what was 0 all the time is left out.</summary>
internal static class MetricTable
{
    private const int Most = 10;

    /// <summary>What the pods' own metrics showed.</summary>
    public static Markup Draw(ScenarioResult row)
    {
        var series = row
            .Metrics.SelectMany(pod =>
                pod.Series.Where(series => Explaining.Of(series.Key) is not null && series.Value.Any(change => change.Value > 0))
                    .Select(series => (Pod: pod, Name: series.Key, Changes: series.Value))
            )
            .OrderBy(one => Explaining.All.IndexOf(Explaining.Of(one.Name)!))
            .ThenBy(one => one.Pod.Service, StringComparer.Ordinal)
            .ThenBy(one => one.Pod.Pod, StringComparer.Ordinal)
            .ToList();
        return Tables.Draw(
            $"Metrics through the load, from the pods themselves{(series.Count > Most ? $", the first {Most} of {series.Count}" : "")}",
            ["Metric", "Pod", "#Asked", "#Answered", "#At the fault", "#Greatest", "#Last"],
            series
                .Take(Most)
                .Select(one =>
                    new[]
                    {
                        Text(Exposition.Name(one.Name)),
                        Link(
                            Words.Href(Path.GetFileName(row.Folder), one.Pod.Service, Path.GetFileName(one.Pod.File)),
                            $"{one.Pod.Service} {one.Pod.Pod[(one.Pod.Pod.LastIndexOf('-') + 1)..]}"
                        ),
                        Text(Words.Count(one.Pod.Polls.Length)),
                        Text(Words.Count(one.Pod.Polls.Count(poll => poll.Answered))),
                        Value(row.LandedAt ?? row.FaultAt, one.Changes),
                        Said(one.Changes.MaxBy(change => change.Value)),
                        Said(one.Changes[^1]),
                    }
                )
        );
    }

    private static Markup Value(long? at, IReadOnlyCollection<MetricChange> changes) =>
        changes.LastOrDefault(change => change.At <= at) is { Line: > 0 } change ? Said(change) : Text("–");

    private static Markup Said(MetricChange change) =>
        Markup.Of($"""{change.Value.ToString("0.###", CultureInfo.InvariantCulture)} <span class="soft">line {change.Line}</span>""");
}
