using static FaultTolerance.Tests.Results.ArtefactFolder;

namespace FaultTolerance.Tests.Results.Verdicts;

/// <summary>
/// A row with two faults that overlap: a stall that lasts from 10 s to 18 s with an outage of 2 s, and a kill at 15 s with one of 3 s.
/// </summary>
internal static class TwoFaults
{
    public const string Name = "agg-tp-1-dp-1-two";

    public static void Scenario(ArtefactFolder folder, double secondBack = 18, bool secondLands = true)
    {
        folder.TestLog(Name, fault: 10);
        var lines = new List<string>();
        for (var i = 0; i < 300; i++)
        {
            var sent = i / 10.0;
            var down = sent is >= 10 and < 12 || (sent >= 15 && sent < secondBack);
            lines.Add(Line(i, sent, down ? 0.02 : 0.08 + (i % 7 * 0.001), down ? "Refused" : "Ok"));
        }

        folder.Write(Name, "client_0.log.txt", lines);
        string[] second = secondLands
            ? [Fault(15, "issued", "2.1", "killProcess", "g-b"), Fault(15.2, "landed", "2.1", "killProcess", "g-b", "gone")]
            : [Fault(15, "unproven", "2", "killProcess", "", "FT0611: no pod to break")];
        folder.Write(
            Name, "timeline.jsonl",
            [
                $$"""{"at":"{{Utc(0)}}","event":"load.started","clients":1,"planned":300}""",
                $$"""{"at":"{{Utc(0)}}","event":"load.first_request"}""",
                Fault(10, "issued", "1.1", "stallProcess", "g-a"),
                Fault(10.1, "landed", "1.1", "stallProcess", "g-a", "stopped"),
                .. second,
                Fault(18, "healed", "1.1", "stallProcess", "g-a", "runs again"),
                $$"""{"at":"{{Utc(30)}}","event":"load.health","valid":true,"reasons":[]}""",
                $$"""{"at":"{{Utc(30)}}","event":"load.ended","planned":300,"sent":300,"notSent":0}""",
            ]);
    }

    public static string Fault(double at, string what, string id, string kind, string pod, string proof = "") =>
        $$"""{"at":"{{Utc(at)}}","event":"fault.{{what}}","id":"{{id}}","kind":"{{kind}}","service":"Decode","pod":"{{pod}}","uid":"u-{{pod}}","proof":"{{proof}}"}""";
}
