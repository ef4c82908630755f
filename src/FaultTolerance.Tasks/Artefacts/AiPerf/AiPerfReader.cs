using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace FaultTolerance.Artefacts.AiPerf;

/// <summary>Reads the folders that AIPerf leaves for each client and attempt.</summary>
internal static class AiPerfReader
{
    /// <summary>The file that sums a run up.</summary>
    public const string Summary = "profile_export_aiperf.json";

    /// <summary>The file of single requests.</summary>
    public const string Requests = "profile_export.jsonl";

    private const int MostBytes = 64 * 1024 * 1024;
    private static readonly string[] Told = ["request_latency", "time_to_first_token", "inter_token_latency", "output_sequence_length"];
    private static readonly string[] Values = ["avg", "min", "max", "p1", "p5", "p10", "p25", "p50", "p75", "p90", "p95", "p99", "std"];

    /// <summary>The runs in a scenario's folder, by client and attempt; empty where AIPerf wrote none.</summary>
    public static ImmutableArray<AiPerfRun> Read(string folder) =>
    [
        .. Numbered(folder, "client_").SelectMany(client => Numbered(client.Path, "attempt_").Select(attempt => (client, attempt)))
            .Where(pair => File.Exists(Path.Combine(pair.attempt.Path, Summary)) || File.Exists(Path.Combine(pair.attempt.Path, Requests)))
            .OrderBy(pair => pair.client.Number).ThenBy(pair => pair.attempt.Number)
            .Select(pair => One(new AiPerfRun(pair.client.Number, pair.attempt.Number, pair.attempt.Path))),
    ];

    private static IEnumerable<(string Path, int Number)> Numbered(string folder, string prefix) =>
        Directory.GetDirectories(folder, $"{prefix}*").Select(path => (path, text: Path.GetFileName(path)[prefix.Length..]))
            .Where(pair => pair.text.Length > 0 && pair.text.All(char.IsAsciiDigit) && pair.text.Length < 10)
            .Select(pair => (pair.path, int.Parse(pair.text, CultureInfo.InvariantCulture)));

    private static AiPerfRun One(AiPerfRun run)
    {
        run = run with { HasRequests = File.Exists(Path.Combine(run.Folder, Requests)) };
        try
        {
            var file = new FileInfo(Path.Combine(run.Folder, Summary));
            if (!file.Exists)
            {
                return run with { Trouble = $"there is no {Summary}" };
            }

            if (file.Length > MostBytes)
            {
                return run with { Trouble = $"{Summary} is larger than {MostBytes >> 20} MiB" };
            }

            using var json = JsonDocument.Parse(File.ReadAllBytes(file.FullName));
            return json.RootElement.ValueKind == JsonValueKind.Object ? Of(run, json.RootElement)
                : run with { Trouble = $"{Summary} holds no object" };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return run with { Trouble = $"{Summary} cannot be read: {ForeignText.Line(e.Message, 200)}" };
        }
    }

    private static AiPerfRun Of(AiPerfRun run, JsonElement root) => run with
    {
        Succeeded = Scalar(root, "request_count"),
        Failed = Scalar(root, "error_request_count") ?? Errors(root),
        WasCancelled = root.TryGetProperty("was_cancelled", out var cancelled)
            && cancelled.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? cancelled.ValueKind == JsonValueKind.True : null,
        Metrics = [.. Told.Select(name => Metric(root, name)).OfType<AiPerfMetric>()],
    };

    private static long? Scalar(JsonElement root, string name) =>
        root.TryGetProperty(name, out var metric) && metric.ValueKind == JsonValueKind.Object && Number(metric, "avg") is { } value
            ? (long)Math.Round(value) : null;

    // Null where the file does not say; none where it has the list and nothing is in it.
    private static long? Errors(JsonElement root)
    {
        if (!root.TryGetProperty("error_summary", out var list) || list.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        double sum = 0;
        foreach (var item in list.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Object || Number(item, "count") is not { } count)
            {
                return null;
            }

            sum += count;
        }

        return (long)sum;
    }

    private static AiPerfMetric? Metric(JsonElement root, string name)
    {
        if (!root.TryGetProperty(name, out var metric) || metric.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        var unit = metric.TryGetProperty("unit", out var text) && text.ValueKind == JsonValueKind.String ? text.GetString()! : "";
        return new AiPerfMetric(name, unit, [.. Values.Select(v => (v, Value: Number(metric, v))).Where(v => v.Value is not null)
            .Select(v => (v.v, v.Value!.Value))]);
    }

    internal static double? Number(JsonElement holder, string name) =>
        holder.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number)
            && double.IsFinite(number) ? number : null;
}
