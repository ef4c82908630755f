using System.Text.Json;
using FaultTolerance.Faults;
using FaultTolerance.Reports;
using FaultTolerance.Results.Checks;
using FaultTolerance.Tests.Results;
using static FaultTolerance.Tests.Results.ArtefactFolder;

namespace FaultTolerance.Tests.Reports;

/// <summary>
/// What servers, pods and webhooks said gives no orders to whoever reads a report: each file that is written is looked at, as one that is
/// shown by a terminal, a build server or a browser.
/// </summary>
public sealed class ForeignWordsTests : IDisposable
{
    private const string Secret = "hunter22Xyz";
    private const string Evil = "said\r\n::error::b\u001b[31m\u2028##vso[task.complete]\u202ex\u0085y\n##[error]z token=" + Secret;
    private const string Scenario = "agg-tp-1-dp-1-frontend";
    private readonly ArtefactFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Files =>
        ["summary.txt", "summary.md", "summary.csv", "summary.json", "summary.github.md", "requests.csv", "junit.xml", "report.html"];

    [Theory]
    [MemberData(nameof(Files))]
    public void Report_shows_foreign_words_and_obeys_none(string file)
    {
        Write();

        var text = File.ReadAllText(Path.Combine(_folder.Path, file));

        Assert.Contains("said", text, StringComparison.Ordinal);
        Assert.DoesNotContain(text, c => c != '\n' && (char.IsControl(c) || c is '\u2028' or '\u202e'));
        Assert.DoesNotContain(text.Split('\n'), line =>
            line.TrimStart().StartsWith("::", StringComparison.Ordinal)
            || line.TrimStart().StartsWith("##vso[", StringComparison.Ordinal)
            || line.TrimStart().StartsWith("##[", StringComparison.Ordinal)
        );
        Assert.DoesNotContain(Secret, text, StringComparison.Ordinal);
    }

    private void Write()
    {
        var said = JsonSerializer.Serialize(Evil);
        SyntheticRun.Scenario(_folder, Scenario, more: $$"""
            {"at":"{{Utc(11)}}","event":"error","code":"FT0706","message":{{said}}}
            {"at":"{{Utc(11)}}","event":"fault.landed","id":"2","kind":"killProcess","service":"Frontend","pod":"p","uid":"u1","command":{{said}},"signal":"SIGKILL","proof":{{said}}}
            {"at":"{{Utc(12)}}","event":"phase","phase":"Collect","state":"failed","reason":{{said}}}
            {"at":"{{Utc(12)}}","event":"pod","service":"Frontend","pod":"p","uid":"u9","change":"terminating","restarts":0,"reason":{{said}}}
            """);
        _folder.Write(
            Scenario,
            "client_1.log.txt",
            Line(0, 12, 0.1, "Refused").Replace("\"status\": \"failed\"", $"\"status\": {said}, \"error\": {said}", StringComparison.Ordinal)
        );
        File.WriteAllText(
            Path.Combine(_folder.Path, CheckFile.Name),
            $$"""{"{{Scenario}}":[{"kind":"generatorHealthy"},{"kind":"outageAtMost","atMost":1}]}"""
        );
        ReportWriter.WriteAll(RunJudge.Judge(_folder.Parse()), _folder.Path, FaultKinds.Standard.Words);
    }
}
