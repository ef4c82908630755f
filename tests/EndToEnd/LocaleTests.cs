using System.Globalization;

namespace EndToEnd;

/// <summary>What Parse writes hangs on the artefacts alone: not on the machine's zone, its language or its way to write numbers.</summary>
public sealed class LocaleTests : IDisposable
{
    private const string Run = "20260101-000000-abcd";
    private readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task Parse_writes_the_same_bytes_in_every_zone_and_language()
    {
        Make();
        var here = await ParseAsync("UTC", "C.UTF-8");

        Assert.Contains("summary.json", here.Keys);
        Assert.Equal(here, await ParseAsync("Asia/Kathmandu", "de_DE.UTF-8"));
        Assert.Equal(here, await ParseAsync("America/St_Johns", "ar_SA.UTF-8"));
        Assert.Equal(here, await ParseAsync("Pacific/Chatham", "tr_TR.UTF-8"));
    }

    private async Task<SortedDictionary<string, string>> ParseAsync(string zone, string language)
    {
        var (exit, output) = await BuildScript.RunAsync(["Parse", "--results", _temp["results"], "--run", Run], new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["TZ"] = zone,
            ["LANG"] = language,
            ["LC_ALL"] = language,
            // Without it a machine that lacks the language's data would test nothing but itself.
            ["DOTNET_SYSTEM_GLOBALIZATION_PREDEFINED_CULTURES_ONLY"] = "0",
        });
        Assert.True(exit == 0, output);
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in Directory.GetFiles(Path.Combine(_temp["results"], Run)))
        {
            files[Path.GetFileName(file)] = Convert.ToHexString(await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken));
        }

        return files;
    }

    private void Make()
    {
        var scenario = $"results/{Run}/test_fault_scenario[agg-tp-1-dp-1-decode_worker]/";
        Directory.CreateDirectory(Path.Combine(_temp[scenario], "Frontend"));
        _temp.Write($"results/{Run}/run.json", """{"standIn": true}""");
        _temp.Write(scenario + "test.log.txt", $"[TEST] {Naive(0)} INFO root: Starting Deployment fault-tolerance-test with spec\n"
            + $"[TEST] {Naive(2)} INFO root: Deployment fault-tolerance-test is ready\n[TEST] {Naive(12)} INFO root: Injecting failure for: Failure(time=10)\n");
        _temp.Write(scenario + "client_0.log.txt", string.Concat(Enumerable.Range(0, 300).Select(i => Line(i, 3 + (i * 0.1)))));
        _temp.Write(scenario + "timeline.jsonl", $$"""
            {"at":"{{Naive(3)}}0Z","event":"load.started","clients":1,"planned":300}
            {"at":"{{Naive(12)}}0Z","event":"fault.issued","id":"1"}
            {"at":"{{Naive(12.05)}}0Z","event":"fault.landed","id":"1","proof":"gone"}

            """);
        _temp.Write(scenario + "Frontend/p.log", $$"""{"time":"{{Naive(15.25)}}Z","message":"added model x"}""" + "\n");
    }

    private static string Line(int number, double at)
    {
        var failed = at is > 12.1 and < 15;
        var (status, outcome) = failed ? ("\"HTTP 503\"", "Rejected") : ("200", "Ok");
        var result = failed ? "null" : "{\"choices\": [{\"message\": {\"content\": \"" + new string('i', 120) + "\"}}]}";
        var end = Naive(at + 0.0515);
        return $$"""
            {"time": "{{end}}", "results": [{"status": {{status}}, "result": {{result}}, "request_elapsed_time": 0.0515, "url": "http://p:8000", "pod": "p", "sent": "{{Naive(at)}}0Z", "lastByte": "{{end}}0Z", "outcome": "{{outcome}}"}], "total_time": 0.0515, "url": "http://p:8000", "pod": "p", "request": {{number}}, "intended": "{{Naive(at)}}0Z", "outcome": "{{outcome}}"}

            """;
    }

    private static string Naive(double seconds) =>
        new DateTime(2026, 3, 4, 23, 59, 50, DateTimeKind.Utc).AddSeconds(seconds).ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff", CultureInfo.InvariantCulture);
}
