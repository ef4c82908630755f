using System.Globalization;
using CsvHelper;
using FaultTolerance.Artefacts;
using FaultTolerance.Results;

namespace FaultTolerance.Reports;

/// <summary><c>requests.csv</c>: a row an attempt, and a row a request that was not sent.</summary>
internal static class RequestsCsv
{
    private static readonly string[] Headers =
    [
        "scenario", "client", "request", "attempt", "side", "intended", "sent", "first_byte", "first_token", "last_byte", "request_end",
        "elapsed_seconds", "status", "outcome", "legacy_success", "characters", "tokens", "tokens_asked", "url", "pod", "error",
    ];

    /// <summary>Writes the file; rows by scenario, client and line of the log.</summary>
    public static void Write(RunResult run, string path)
    {
        ArgumentNullException.ThrowIfNull(run);
        var said = new Dictionary<string, string>(StringComparer.Ordinal);
        CsvFile.Write(path, Headers, csv =>
        {
            foreach (var scenario in run.Scenarios)
            {
                foreach (var chunk in scenario.Attempts.SelectMany(client => client.Chunks()))
                {
                    foreach (ref readonly var attempt in chunk.Span)
                    {
                        Row(csv, scenario, attempt, said);
                    }
                }

                foreach (var unsent in scenario.Unsent)
                {
                    Row(csv, scenario, unsent);
                }
            }
        });
    }

    private static void Row(CsvWriter csv, ScenarioResult scenario, in Attempt attempt, Dictionary<string, string> said)
    {
        csv.WriteField(scenario.Name);
        csv.WriteField(attempt.Client);
        csv.WriteField(attempt.Request);
        csv.WriteField(attempt.Index);
        csv.WriteField(Side(scenario, attempt.RequestEnd));
        csv.WriteField(CsvFile.Instant(attempt.Intended));
        csv.WriteField(CsvFile.Instant(attempt.Sent));
        csv.WriteField(CsvFile.Instant(attempt.FirstByte));
        csv.WriteField(CsvFile.Instant(attempt.FirstToken));
        csv.WriteField(CsvFile.Instant(attempt.LastByte));
        csv.WriteField(CsvFile.Instant(attempt.RequestEnd));
        csv.WriteNumber(attempt.Seconds);
        csv.WriteField(attempt.Status == 0 ? "" : Whole(attempt.Status));
        csv.WriteField(attempt.Outcome.ToString());
        csv.WriteField(attempt.LegacySuccess ? "true" : "false");
        csv.WriteField(attempt.ContentLength < 0 ? "" : Whole(attempt.ContentLength));
        csv.WriteField(attempt.TokensAsked == 0 && attempt.Tokens == 0 ? "" : Whole(attempt.Tokens));
        csv.WriteField(attempt.TokensAsked == 0 ? "" : Whole(attempt.TokensAsked));
        csv.WriteField(attempt.Url);
        csv.WriteField(attempt.Pod);
        csv.WriteField(Said(attempt.Error, said));
        csv.EndRecord();
    }

    private static void Row(CsvWriter csv, ScenarioResult scenario, UnsentRequest unsent)
    {
        csv.WriteField(scenario.Name);
        csv.WriteField(unsent.Client);
        csv.WriteField(unsent.Request);
        csv.WriteField("");
        csv.WriteField(Side(scenario, unsent.RecordedAt));
        csv.WriteField(CsvFile.Instant(unsent.Intended));
        for (var i = 0; i < 4; i++)
        {
            csv.WriteField("");
        }

        csv.WriteField(CsvFile.Instant(unsent.RecordedAt));
        csv.WriteField("");
        csv.WriteField("");
        csv.WriteField(unsent.Outcome.ToString());
        csv.WriteField("false");
        for (var i = 0; i < 5; i++)
        {
            csv.WriteField("");
        }

        csv.WriteField(unsent.Reason);
        csv.EndRecord();
    }

    // Errors repeat: each is looked through once.
    private static string Said(string? error, Dictionary<string, string> said)
    {
        if (string.IsNullOrEmpty(error))
        {
            return "";
        }

        if (!said.TryGetValue(error, out var clean))
        {
            said[error] = clean = SecretText.Hide(ForeignText.Line(error));
        }

        return clean;
    }

    private static string Side(ScenarioResult scenario, long end) => scenario.FaultAt is { } fault && end > fault ? "after" : "before";

    private static string Whole(int value) => value.ToString(CultureInfo.InvariantCulture);
}
