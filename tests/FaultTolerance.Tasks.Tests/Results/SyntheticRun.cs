using FaultTolerance.Results;
using static FaultTolerance.Tests.Results.ArtefactFolder;

namespace FaultTolerance.Tests.Results;

/// <summary>A run of our own form with a known outage: ten requests a second from 0 s, a fault at 10 s, an answer again at 14 s.</summary>
internal static class SyntheticRun
{
    public const double Fault = 10;
    public const double Back = 14;

    public static void Scenario(ArtefactFolder folder, string name, double back = Back, double end = 30, string more = "")
    {
        folder.TestLog(name, fault: Fault);
        var lines = new List<string>();
        for (var i = 0; i < end * 10; i++)
        {
            var sent = i / 10.0;
            var down = sent >= Fault && sent < back;
            lines.Add(Line(i, sent, down ? 0.02 : 0.08 + (i % 7 * 0.001), down ? (i % 2 == 0 ? "Refused" : "Rejected") : "Ok"));
        }

        folder.Write(name, "client_0.log.txt", lines);
        folder.Write(
            name, "timeline.jsonl",
            Event(-5, "pod", """,change":"added","restarts":0"""),
            Event(-4, "pod", """,change":"container_started","restarts":0"""),
            Event(-2, "pod", """,change":"ready","restarts":0"""),
            $$"""{"at":"{{Utc(0)}}","event":"load.started","clients":1,"planned":{{lines.Count}}}""",
            $$"""{"at":"{{Utc(0)}}","event":"load.first_request"}""",
            $$"""{"at":"{{Utc(Fault - 0.1)}}","event":"fault.issued","id":"1","kind":"killProcess","service":"Frontend","pod":"g-frontend-x1","uid":"u1","command":"/opt/bin/server --port 1","signal":"SIGKILL"}""",
            $$"""{"at":"{{Utc(Fault)}}","event":"fault.landed","id":"1","kind":"killProcess","service":"Frontend","pod":"g-frontend-x1","uid":"u1","command":"/opt/bin/server --port 1","signal":"SIGKILL","proof":"process gone"}""",
            Event(Fault + 0.2, "pod", """,change":"container_terminated","restarts":0,"exitCode":137,"reason":"Error" """),
            Event(Fault + 1, "pod", """,change":"restarted","restarts":1"""),
            Event(back - 0.3, "pod", """,change":"ready","restarts":1"""),
            $$"""{"at":"{{Utc(end)}}","event":"load.health","valid":true,"reasons":[]}""",
            $$"""{"at":"{{Utc(end)}}","event":"load.ended","planned":{{lines.Count}},"sent":{{lines.Count}},"notSent":0}""",
            more);
    }

    /// <summary>The client from here beside a row's own.</summary>
    public static void ProbeOf(ArtefactFolder folder, string name, IEnumerable<string> lines, string more = "", string reasons = "")
    {
        string[] all = [.. lines];
        folder.Write(name, "probe/client_0.log.txt", all);
        folder.Write(
            name, "probe/timeline.jsonl",
            $$"""{"at":"{{Utc(0)}}","event":"load.started","clients":1,"planned":1,"mode":"Open"}""",
            more,
            $$"""{"at":"{{Utc(30)}}","event":"load.health","valid":{{(reasons.Length == 0 ? "true" : "false")}},"reasons":[{{reasons}}]}""",
            $$"""{"at":"{{Utc(30)}}","event":"load.ended","planned":{{all.Length}},"sent":{{all.Length}},"notSent":0}""");
    }

    /// <summary>A line of sampled metrics with one series, <c>queue</c>.</summary>
    public static string Metrics(double at, double queue, string name = "queue") =>
        string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $$$"""{"at":"{{{Utc(at)}}}","took":0.01,"samples":{"{{{name}}}":{{{queue}}}}}"""
        );

    public static RunResult Parse(double back = Back, string more = "")
    {
        using var folder = new ArtefactFolder();
        Scenario(folder, "agg-tp-1-dp-1-frontend", back, more: more);
        return folder.Parse() with { Folder = "/results/20260102-030405-abcd" };
    }

    private static string Event(double at, string name, string keys) =>
        $$"""{"at":"{{Utc(at)}}","event":"{{name}}","service":"Frontend","pod":"g-frontend-x1","uid":"u1","{{keys.TrimStart(',').TrimEnd()}}}""";
}
