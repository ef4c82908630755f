using FaultTolerance.Artefacts.Metrics;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Results.Checks;

/// <summary>Checks on the logs and metrics of pods, as collected.</summary>
internal static class FileChecks
{
    public static Finding Log(ScenarioResult row, CheckSpec check)
    {
        var wanted = check.Kind == CheckKind.LogContains;
        var files = Files(row, check.Service!, file => file.EndsWith(".log", StringComparison.Ordinal) && !file.Contains(".metrics.", StringComparison.Ordinal));
        if (files.Count == 0)
        {
            return Finding.Unknown($"no log of {check.Service} was collected");
        }

        try
        {
            foreach (var file in files)
            {
                var number = 0;
                foreach (var line in File.ReadLines(file))
                {
                    number++;
                    if (line.Contains(check.Subject!, StringComparison.Ordinal))
                    {
                        return Finding.Of(wanted, $"line {number} of {Path.GetFileName(file)}", file);
                    }
                }
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Finding.Unknown($"a log cannot be read: {error.Message}");
        }

        return Finding.Of(!wanted, $"in none of {files.Count} logs");
    }

    /// <summary>Every sample counts: those taken through the load, and those at its end. The latter's form is Prometheus's text exposition.</summary>
    public static Finding Metric(ScenarioResult row, CheckSpec check)
    {
        var samples = row.Metrics.Where(pod => Glob.Matches(check.Service!, pod.Service))
            .SelectMany(pod => pod.Series.Where(series => Exposition.Matches(series.Key, check.Subject!)).SelectMany(series => series.Value.Select(change => new Sample(change.Value, pod.File, change.Line))))
            .ToList();
        try
        {
            foreach (var file in Files(row, check.Service!, file => file.EndsWith(".metrics.log", StringComparison.Ordinal)))
            {
                samples.AddRange(File.ReadLines(file).Select((line, i) => (Sample: Exposition.Sample(line), Line: i + 1))
                    .Where(pair => pair.Sample is { } sample && Exposition.Matches(sample.Series, check.Subject!))
                    .Select(pair => new Sample(pair.Sample!.Value.Value, file, pair.Line)));
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Finding.Unknown($"metrics cannot be read: {error.Message}");
        }

        if (samples.Count == 0)
        {
            return Finding.Unknown($"no sample of {check.Subject} was collected from {check.Service}");
        }

        bool Inside(double value) => value >= (check.AtLeast ?? double.NegativeInfinity) && value <= (check.AtMost ?? double.PositiveInfinity);
        var outside = samples.FindIndex(sample => !Inside(sample.Value));
        var range = $"{samples.Count} {(samples.Count == 1 ? "value" : "values")} from {RunJudge.Number(samples.Min(sample => sample.Value))} to {RunJudge.Number(samples.Max(sample => sample.Value))}";
        return outside < 0
            ? Finding.Of(true, range, samples[0].File)
            : Finding.Of(false, $"{RunJudge.Number(samples[outside].Value)} in line {samples[outside].Line}; {range}", samples[outside].File);
    }

    private static List<string> Files(ScenarioResult row, string service, Func<string, bool> wanted) => !Directory.Exists(row.Folder)
        ? []
        :
        [
            .. Directory.GetDirectories(row.Folder)
                .Where(folder => Glob.Matches(service, Path.GetFileName(folder)))
                .SelectMany(folder => Directory.GetFiles(folder, "*.log", SearchOption.AllDirectories))
                .Where(file => wanted(Path.GetFileName(file)))
                .Order(StringComparer.Ordinal),
        ];

    private readonly record struct Sample(double Value, string File, int Line);
}
