using System.Diagnostics;
using System.Globalization;
using FaultTolerance.Faults;
using FaultTolerance.Reports;
using FaultTolerance.Results;

namespace FaultTolerance.Benchmarks;

/// <summary>What reading a large run costs: client logs as the load generator writes them, one outage among them.</summary>
internal static class ParseBench
{
    private const int Clients = 10;
    private static readonly DateTime Start = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>Writes a run's folder with so many attempts at 1,000 a second; an answer has so many characters.</summary>
    public static void Make(string run, int attempts, int characters)
    {
        var folder = Directory.CreateDirectory(Path.Combine(run, "test_fault_scenario[bench-decode_worker]")).FullName;
        var content = string.Concat(Enumerable.Range(0, (characters / 8) + 1).Select(i => $"wo{i % 100000:D5} "))[..characters];
        var fault = Start.AddMilliseconds(attempts / 2);
        for (var client = 0; client < Clients; client++)
        {
            using var log = new StreamWriter(Path.Combine(folder, $"client_{client}.log.txt"));
            for (var i = 0; i < attempts / Clients; i++)
            {
                var sent = Start.AddMilliseconds((i * Clients) + client);
                var end = sent.AddTicks(400_000 + (i * 7919 % 100_000));
                var ok = sent < fault || sent > fault.AddSeconds(5);
                log.Write(string.Create(CultureInfo.InvariantCulture, $$"""{"time": "{{end:yyyy-MM-dd'T'HH:mm:ss.ffffff}}", "results": [{"status": {{(ok ? "200" : "\"HTTP 503\"")}}, "result": """));
                log.Write(ok
                    ? $$$"""{"id": "chatcmpl-{{{i}}}", "object": "chat.completion", "created": 1795474125, "model": "m", "choices": [{"index": 0, "message": {"role": "assistant", "content": "{{{content}}}"}, "logprobs": null, "finish_reason": "length"}], "usage": {"prompt_tokens": 104, "completion_tokens": 100, "total_tokens": 204}}"""
                    : "null");
                log.Write(string.Create(CultureInfo.InvariantCulture, $$"""
                    , "request_elapsed_time": {{(end - sent).TotalSeconds}}, "url": "http://bench-frontend-0:8000//v1/chat/completions", "pod": "bench-frontend-0", "sent": "{{Stamp(sent)}}", "firstByte": "{{Stamp(end)}}", "lastByte": "{{Stamp(end)}}", "outcome": "{{(ok ? "Ok" : "Rejected")}}"}], "total_time": {{(end - sent).TotalSeconds}}, "url": "http://bench-frontend-0:8000//v1/chat/completions", "pod": "bench-frontend-0", "request": {{i}}, "intended": "{{Stamp(sent)}}", "outcome": "{{(ok ? "Ok" : "Rejected")}}"}
                    """));
                log.Write('\n');
            }
        }

        File.WriteAllText(Path.Combine(folder, "test.log.txt"), $"""
            [TEST] {Start:yyyy-MM-dd'T'HH:mm:ss.ffffff} INFO root: Starting Deployment fault-tolerance-test with spec
            [TEST] {Start:yyyy-MM-dd'T'HH:mm:ss.ffffff} INFO root: Deployment fault-tolerance-test is ready
            [TEST] {fault:yyyy-MM-dd'T'HH:mm:ss.ffffff} INFO root: Injecting failure for: Failure(time=10)

            """);
        File.WriteAllText(Path.Combine(folder, "timeline.jsonl"), string.Create(CultureInfo.InvariantCulture, $$"""
            {"at":"{{Stamp(Start)}}","event":"load.started","clients":{{Clients}},"planned":{{attempts / Clients * Clients}}}
            {"at":"{{Stamp(fault)}}","event":"fault.issued","id":"1"}
            {"at":"{{Stamp(fault)}}","event":"fault.landed","id":"1"}

            """));
    }

    /// <summary>Reads it and writes all outputs; prints what reading cost, and what both did.</summary>
    public static void Run(string run)
    {
        var (watch, cpu) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
        var result = RunParser.Parse(run);
        var (wall, spent) = (watch.Elapsed.TotalSeconds, (Environment.CpuUsage.TotalTime - cpu).TotalSeconds);
        var peak = Process.GetCurrentProcess().PeakWorkingSet64 / (1 << 20);
        var row = result.Scenarios.Single();
        ReportWriter.WriteAll(result, run, FaultKinds.Standard.Words);
        var (allWall, allSpent) = (watch.Elapsed.TotalSeconds, (Environment.CpuUsage.TotalTime - cpu).TotalSeconds);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{{\"attempts\":{row.Books.Attempts},\"failed\":{row.Books.Failed},\"state\":\"{row.State}\",\"wallSeconds\":{wall:F3},\"cpuSeconds\":{spent:F3},\"peakMiB\":{peak},\"allWallSeconds\":{allWall:F3},\"allCpuSeconds\":{allSpent:F3},\"allPeakMiB\":{Process.GetCurrentProcess().PeakWorkingSet64 / (1 << 20)}}}"));
    }

    private static string Stamp(DateTime at) => at.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);
}
