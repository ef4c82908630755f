using System.Globalization;
using System.Text;
using System.Text.Json;
using FaultTolerance.Results;

namespace FaultTolerance.Tests.Results;

/// <summary>A run's folder in the making, removed at the end.</summary>
internal sealed class ArtefactFolder : IDisposable
{
    public static readonly DateTime Zero = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);

    public string Path { get; } = Directory.CreateTempSubdirectory("faultmatrix-").FullName;

    public static string Answer(int characters) =>
        JsonSerializer.Serialize(
            new
            {
                id = "x",
                choices = new[] { new { index = 0, message = new { role = "assistant", content = new string('a', characters) } } },
            }
        );

    /// <summary>A naive stamp, seconds after <see cref="Zero"/>.</summary>
    public static string Naive(double seconds) =>
        Zero.AddTicks((long)(seconds * 1e7)).ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff", CultureInfo.InvariantCulture);

    /// <summary>Our own stamp.</summary>
    public static string Utc(double seconds) =>
        Zero.AddTicks((long)(seconds * 1e7)).ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);

    /// <summary>A line as the reference suite writes it, with one attempt.</summary>
    public static string LegacyLine(double end, double elapsed, bool success, string pod = "frontend-0") =>
        string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"time": "{{Naive(end)}}", "results": [{"status": {{(success ? "200" : "\"Connection refused\"")}}, "result": {{(success ? Answer(120) : "null")}}, "request_elapsed_time": {{elapsed}}, "url": "u", "pod": "{{pod}}"}], "total_time": {{elapsed}}, "url": "u", "pod": "{{pod}}"}"""
        );

    /// <summary>A line as ours, with one attempt.</summary>
    public static string Line(int request, double sent, double elapsed, string outcome) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"time": "{{Naive(sent + elapsed)}}", "results": [{"status": {{(outcome == "Ok" ? "200" : "\"failed\"")}}, "result": {{(outcome == "Ok" ? Answer(120) : "null")}}, "request_elapsed_time": {{elapsed}}, "url": "u", "pod": "p", "sent": "{{Utc(sent)}}", "lastByte": "{{Utc(sent + elapsed)}}", "outcome": "{{outcome}}"}], "total_time": {{elapsed}}, "url": "u", "pod": "p", "request": {{request}}, "intended": "{{Utc(sent)}}", "outcome": "{{outcome}}"}"""
        );

    public static string NotSent(int request, double at) =>
        $$"""{"time": "{{Naive(at)}}", "results": [], "total_time": 0, "url": "", "pod": null, "request": {{request}}, "intended": "{{Utc(at)}}", "outcome": "NotSent", "reason": "stopped"}""";

    public string Scenario(string name, string suffix = "") =>
        Directory.CreateDirectory(System.IO.Path.Combine(Path, $"test_fault_scenario[{name}]{suffix}")).FullName;

    public string Write(string scenario, string file, params IEnumerable<string> lines)
    {
        var path = System.IO.Path.Combine(Scenario(scenario), file);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, string.Concat(lines.Select(line => line + "\n")), new UTF8Encoding(false));
        return path;
    }

    /// <summary>A test.log.txt with start at 0, ready at 180 and, where given, a fault.</summary>
    public void TestLog(string scenario, double? fault, double ready = 180)
    {
        List<string> lines =
        [
            $"[TEST] {Naive(0)} INFO root: Starting Deployment fault-tolerance-test with spec {{}}",
            $"[TEST] {Naive(ready)} INFO root: Deployment fault-tolerance-test is ready",
        ];
        if (fault is { } at)
        {
            lines.Add($"[TEST] {Naive(at)} INFO root: Injecting failure for: Failure(time=10)");
        }

        Write(scenario, "test.log.txt", lines);
    }

    public RunResult Parse(ParseOptions? options = null) => RunParser.Parse(Path, options, TestContext.Current.CancellationToken);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
