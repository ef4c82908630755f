using System.Text.Json;
using FaultTolerance.Artefacts.ClientLogs;
using FaultTolerance.Artefacts.Reading;

namespace FaultTolerance.Artefacts.AiPerf;

/// <summary>Reads the single requests of AIPerf runs, so that a row of them is measured as one of ours.</summary>
internal static class AiPerfRequests
{
    private const string Latency = "request_latency";

    /// <summary>A client's requests, attempt after attempt of its load, each request by itself.</summary>
    /// <param name="runs">The runs of one client, by attempt.</param>
    public static ClientLog Read(IReadOnlyList<AiPerfRun> runs)
    {
        ArgumentNullException.ThrowIfNull(runs);
        var log = new ClientLog(Path.Combine(runs[0].Folder, AiPerfReader.Requests), runs[0].Client);
        foreach (var run in runs)
        {
            var file = Path.Combine(run.Folder, AiPerfReader.Requests);
            var bag = new DiagnosticBag(file);
            try
            {
                using var lines = new LineReader(file);
                while (lines.TryRead(out var line))
                {
                    if (!line.Trim(" \r\t"u8).IsEmpty && !Add(log, line))
                    {
                        bag.BrokenLine(lines.Number, "no record of a request");
                    }
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                bag.Add(ParseCodes.Unreadable, Severity.Warning, $"cannot be read: {e.Message}");
            }

            log.Findings.Add(bag);
        }

        return log;
    }

    private static bool Add(ClientLog log, ReadOnlySpan<byte> line)
    {
        try
        {
            var reader = new Utf8JsonReader(line);
            using var json = JsonDocument.ParseValue(ref reader);
            if (json.RootElement.ValueKind != JsonValueKind.Object || !json.RootElement.TryGetProperty("metadata", out var meta)
                || meta.ValueKind != JsonValueKind.Object || Stamp(meta, "request_start_ns") is not { } start
                || Stamp(meta, "request_end_ns") is not { } end)
            {
                return false;
            }

            // What warms the server up is no part of the load.
            if (meta.TryGetProperty("benchmark_phase", out var phase) && phase.ValueKind == JsonValueKind.String
                && phase.GetString() == "warmup")
            {
                return true;
            }

            log.Attempts.Add(Of(log, json.RootElement, meta, start, end));
            log.Sent++;
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static Attempt Of(ClientLog log, JsonElement root, JsonElement meta, long start, long end)
    {
        var metrics = root.TryGetProperty("metrics", out var told) && told.ValueKind == JsonValueKind.Object ? told : default;
        var acknowledged = Stamp(meta, "request_ack_ns");
        var error = root.TryGetProperty("error", out var e) && e.ValueKind == JsonValueKind.Object ? e : default;
        var outcome = error.ValueKind == JsonValueKind.Object ? OutcomeOf(error, meta, acknowledged is not null) : Outcome.Ok;
        var milliseconds = Metric(metrics, Latency);
        return new Attempt
        {
            Client = log.Client,
            Request = log.Sent,
            IsLast = true,
            Intended = start,
            Sent = start,
            FirstByte = acknowledged ?? 0,
            FirstToken = Metric(metrics, "time_to_first_token") is { } first ? start + (long)(first * TimeSpan.TicksPerMillisecond) : 0,
            LastByte = end,
            RequestEnd = end,
            ElapsedNanoseconds = milliseconds is { } latency ? (long)(latency * 1e6) : (end - start) * 100,
            Status = error.ValueKind == JsonValueKind.Object ? (int)(AiPerfReader.Number(error, "code") ?? 0) : 200,
            Outcome = outcome,
            LegacySuccess = outcome == Outcome.Ok,
            ContentLength = -1,
            Tokens = (int)(Metric(metrics, "output_sequence_length") ?? 0),
            IsCounted = true,
            Error = error.ValueKind == JsonValueKind.Object ? ForeignText.Line($"{Text(error, "type")}: {Text(error, "message")}", 300)
                : null,
        };
    }

    private static Outcome OutcomeOf(JsonElement error, JsonElement meta, bool answered)
    {
        var (code, type) = ((int)(AiPerfReader.Number(error, "code") ?? 0), Text(error, "type"));
        bool Is(string part) => type.Contains(part, StringComparison.OrdinalIgnoreCase);
        return meta.TryGetProperty("was_cancelled", out var cancelled) && cancelled.ValueKind == JsonValueKind.True ? Outcome.Cancelled
            : code is 429 or 503 or 529 ? Outcome.Rejected
            : code is >= 500 and < 600 ? Outcome.ServerError
            : Is("Timeout") ? Outcome.Deadline
            : code is >= 400 and < 500 ? Outcome.ClientError
            : Is("Refused") || Is("Connector") ? Outcome.Refused
            : Is("Disconnected") || Is("Reset") || Is("Payload") || Is("Connection")
                ? (answered ? Outcome.ResetMidStream : Outcome.ResetBeforeHeaders)
            : Outcome.Malformed;
    }

    private static double? Metric(JsonElement metrics, string name) =>
        metrics.ValueKind == JsonValueKind.Object && metrics.TryGetProperty(name, out var metric)
            && metric.ValueKind == JsonValueKind.Object
            ? AiPerfReader.Number(metric, "value") : null;

    // Nanoseconds since 1970 as UTC ticks.
    private static long? Stamp(JsonElement meta, string name) =>
        meta.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number
            && value.TryGetInt64(out var nanoseconds) && nanoseconds > 0
            ? DateTime.UnixEpoch.Ticks + (nanoseconds / 100) : null;

    private static string Text(JsonElement holder, string name) =>
        holder.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
