using System.Collections.Immutable;
using System.Text.Json;
using FaultTolerance.Artefacts.Reading;

namespace FaultTolerance.Artefacts.Metrics;

/// <summary>Reads <c>{Service}/*.metrics.jsonl</c>.</summary>
internal static class MetricsReader
{
    private const string Ending = ".metrics.jsonl";

    /// <summary>Reads the metrics of a run's pods.</summary>
    public static (ImmutableArray<PodMetrics> Pods, ImmutableArray<Diagnostic> Findings) Read(string folder)
    {
        var findings = new List<Diagnostic>();
        return (
            [
                .. Directory.GetDirectories(folder).Order(StringComparer.Ordinal)
                    .SelectMany(service => Directory.GetFiles(service, $"*{Ending}").Order(StringComparer.Ordinal))
                    .Select(file => One(file, findings)),
            ], [.. findings]);
    }

    private static PodMetrics One(string file, List<Diagnostic> findings)
    {
        var bag = new DiagnosticBag(file);
        var polls = new List<(long At, bool Answered)>();
        var series = new Dictionary<string, List<MetricChange>>(StringComparer.Ordinal);
        try
        {
            using var lines = new LineReader(file);
            while (lines.TryRead(out var line))
            {
                if (!Line(line, lines.Number, polls, series))
                {
                    bag.BrokenLine(lines.Number, lines.Unterminated ? "cut off" : "no sample of metrics");
                }
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            bag.Add(ParseCodes.Unreadable, Severity.Warning, $"cannot be read: {error.Message}");
        }

        findings.AddRange(bag.ToImmutable());
        var name = Path.GetFileName(file);
        return new PodMetrics(
            Path.GetFileName(Path.GetDirectoryName(file)!),
            name[..^Ending.Length],
            file,
            [.. polls.OrderBy(poll => poll.At)],
            series.ToImmutableSortedDictionary(
                pair => pair.Key,
                pair => pair.Value.OrderBy(change => change.At).ToImmutableArray(),
                StringComparer.Ordinal
            )
        );
    }

    private static bool Line(
        ReadOnlySpan<byte> line,
        int number,
        List<(long At, bool Answered)> polls,
        Dictionary<string, List<MetricChange>> series
    )
    {
        try
        {
            var reader = new Utf8JsonReader(line);
            using var json = JsonDocument.ParseValue(ref reader);
            var root = json.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("at", out var at) || at.ValueKind != JsonValueKind.String
                || !IsoStamp.TryParse(System.Text.Encoding.UTF8.GetBytes(at.GetString()!), out var stamp))
            {
                return false;
            }

            var answered = root.TryGetProperty("samples", out var samples) && samples.ValueKind == JsonValueKind.Object;
            polls.Add((stamp.Ticks, answered));
            foreach (
                var sample in answered ? samples.EnumerateObject().Where(sample => sample.Value.ValueKind == JsonValueKind.Number) : []
            )
            {
                if (!series.TryGetValue(sample.Name, out var changes))
                {
                    series[sample.Name] = changes = [];
                }

                changes.Add(new MetricChange(stamp.Ticks, sample.Value.GetDouble(), number));
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
