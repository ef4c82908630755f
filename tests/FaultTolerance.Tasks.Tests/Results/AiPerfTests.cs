using System.Globalization;
using System.Text.Json;
using FaultTolerance.Results;

namespace FaultTolerance.Tests.Results;

/// <summary>Folders that AIPerf left, as the reference suite runs it today.</summary>
public sealed class AiPerfTests : IDisposable
{
    private const string Faulty = "vllm-agg-tp-1-dp-1-decode_worker";
    private const string None = "vllm-agg-tp-1-dp-1-none";
    private readonly ArtefactFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_attempt_counts_and_what_summaries_do_not_tell_is_not_available()
    {
        Summary(Faulty, 0, 0, ok: 100, failed: 50);
        Summary(Faulty, 0, 1, ok: 149, failed: 1);
        Summary(Faulty, 1, 0, ok: 150, failed: 0);

        var row = Row(Faulty);

        Assert.Equal((450, 399, 51), (row.Books.Sent, row.Books.Succeeded, row.Books.Failed));
        Assert.Null(row.Damage);
        Assert.Empty(row.Recovery);
        Assert.Equal((null, null, null), (row.Row.SuccessBefore, row.Row.SuccessAfter, row.Row.LatencyAfter));
        Assert.Contains(row.Notes, note => note.Contains("lost requests are N/A", StringComparison.Ordinal));
        Assert.Contains(row.Notes, note => note.Contains("client 0 tried its load 2 times: 100 succeeded and 50 failed in attempt 0", StringComparison.Ordinal));
        var runs = row.AiPerf;
        Assert.Equal([(0, 0), (0, 1), (1, 0)], runs.Select(run => (run.Client, run.Attempt)));
        Assert.All(runs, run => Assert.Contains(("p99", 90.0), run.Metrics.Single(m => m.Name == "request_latency").Values));
    }

    [Fact]
    public void Baseline_has_its_columns_of_all_attempts()
    {
        Summary(None, 0, 0, ok: 100, failed: 50, mean: 20);
        Summary(None, 0, 1, ok: 100, failed: 0, mean: 40);

        var row = Row(None);

        Assert.Equal((200, 50), (row.Row.SuccessBefore, row.Row.FailedBefore));
        Assert.Equal(0.03, row.Row.LatencyBefore!.Value, 9);
        Assert.Null(row.Row.SuccessAfter);
    }

    [Fact]
    public void Errors_that_a_summary_does_not_count_are_unknown_and_not_none()
    {
        _folder.Write(Faulty, "client_0/attempt_0/profile_export_aiperf.json", """{"request_count":{"unit":"requests","avg":5.0},"error_request_count":null}""");

        var row = Row(Faulty);

        Assert.Null(Assert.Single(row.AiPerf).Failed);
        Assert.Equal(0, row.Books.Sent);
        Assert.Null(row.Damage);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    public void Summary_that_cannot_be_read_is_told(string text)
    {
        _folder.Write(Faulty, "client_0/attempt_0/profile_export_aiperf.json", text);

        Assert.Contains(Row(Faulty).Diagnostics, finding => finding.Message.Contains("profile_export_aiperf.json", StringComparison.Ordinal));
    }

    [Fact]
    public void Single_requests_are_measured_where_they_are_there()
    {
        _folder.TestLog(Faulty, fault: 10.5, ready: 0.1);
        foreach (var client in new[] { 0, 1 })
        {
            Summary(Faulty, client, 0, ok: 18, failed: 2);
            _folder.Write(
                Faulty, $"client_{client}/attempt_0/profile_export.jsonl",
                Enumerable.Range(0, 20).Select(i => Record(i, seconds: i, error: i is 11 or 12)));
        }

        var row = Row(Faulty);

        Assert.Equal((40, 36, 4), (row.Books.Sent, row.Books.Succeeded, row.Books.Failed));
        Assert.Equal((22, 0), (row.Row.SuccessBefore, row.Row.FailedBefore));
        Assert.Equal((14, 4), (row.Row.SuccessAfter, row.Row.FailedAfter));
        Assert.Equal(4, row.Damage!.LostRequests);
        Assert.Equal(0.25, row.Row.LatencyBefore!.Value, 6);
        Assert.DoesNotContain(row.Notes, note => note.Contains("no content", StringComparison.Ordinal));
    }

    private ScenarioResult Row(string name) => RunParser.Parse(_folder.Path).Scenarios.Single(row => row.Name == name);

    private void Summary(string scenario, int client, int attempt, int ok, int failed, double mean = 25) => _folder.Write(
        scenario,
        $"client_{client}/attempt_{attempt}/profile_export_aiperf.json",
        string.Create(CultureInfo.InvariantCulture, $$"""
            {"request_count":{"unit":"requests","avg":{{ok}}.0},"error_request_count":null,"was_cancelled":false,
             "request_latency":{"unit":"ms","avg":{{mean}},"p50":20.0,"p99":90.0,"min":1,"max":99},
             "error_summary":[{"error_details":{"code":500,"type":"X","message":"y"},"count":{{failed}} }]}
            """));

    private static string Record(int number, double seconds, bool error)
    {
        var start = (ArtefactFolder.Zero.AddSeconds(seconds) - DateTime.UnixEpoch).Ticks * 100;
        return JsonSerializer.Serialize(new
        {
            metadata = new
            {
                session_num = number, request_start_ns = start, request_ack_ns = error ? (long?)null : start + 1_000_000,
                request_end_ns = start + 250_000_000, benchmark_phase = "profiling", was_cancelled = false,
            },
            metrics = error ? null : new { request_latency = new { value = 250.0, unit = "ms" }, output_sequence_length = new { value = 100, unit = "tokens" } },
            error = error ? new { code = 500, type = "InternalServerError", message = "no" } : null,
        });
    }
}
