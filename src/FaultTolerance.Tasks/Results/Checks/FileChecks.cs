using System.Globalization;
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

    /// <summary>The form is Prometheus's text exposition: <c>name{labels} value [time]</c>.</summary>
    public static Finding Metric(ScenarioResult row, CheckSpec check)
    {
        var samples = new List<(double Value, string File)>();
        try
        {
            foreach (var file in Files(row, check.Service!, file => file.EndsWith(".metrics.log", StringComparison.Ordinal)))
            {
                samples.AddRange(File.ReadLines(file).Select(line => Sample(line, check.Subject!)).OfType<double>().Select(value => (value, file)));
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
        var range = $"{samples.Count} samples from {RunJudge.Number(samples.Min(sample => sample.Value))} to {RunJudge.Number(samples.Max(sample => sample.Value))}";
        return outside < 0 ? Finding.Of(true, range, samples[0].File) : Finding.Of(false, $"{RunJudge.Number(samples[outside].Value)}; {range}", samples[outside].File);
    }

    // A name with braces asks for one series, a bare name for all series of the metric.
    private static double? Sample(string line, string name)
    {
        if (!line.StartsWith(name, StringComparison.Ordinal) || line.Length == name.Length)
        {
            return null;
        }

        var rest = line.AsSpan(name.Length);
        if (rest[0] == '{')
        {
            rest = rest[(rest.LastIndexOf('}') + 1)..];
        }

        return rest is [' ' or '\t', ..] && double.TryParse(rest.Trim().ToString().Split(' ')[0], NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : null;
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
}
