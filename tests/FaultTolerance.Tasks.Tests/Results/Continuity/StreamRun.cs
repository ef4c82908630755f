using System.Globalization;
using System.Text.Json;
using FaultTolerance.Results;
using static FaultTolerance.Tests.Results.ArtefactFolder;

namespace FaultTolerance.Tests.Results.Continuity;

/// <summary>A row in the making whose streams' texts are recorded; its fault is ordered at <see cref="Fault"/>.</summary>
internal sealed class StreamRun : IDisposable
{
    public const double Fault = 10;
    private const string Name = "agg-tp-1-dp-2-decode_worker";
    private readonly ArtefactFolder _folder = new();
    private readonly SortedDictionary<int, List<string>> _clients = [];

    /// <summary>The tokens of a prompt's answer: each is another one.</summary>
    public static string[] Tokens(int client, int prompt, int count = 20) =>
        [.. Enumerable.Range(0, count).Select(i => $" c{client}p{prompt}t{i}e")];

    /// <summary>A stream, three seconds long.</summary>
    /// <param name="client">The client.</param>
    /// <param name="sent">When it was sent, in seconds.</param>
    /// <param name="pieces">The texts of its events.</param>
    /// <param name="request">Its number; null: the next one.</param>
    /// <param name="outcome">What became of it.</param>
    /// <param name="tokens">The service's count; null: one an event.</param>
    /// <param name="more">Further keys of the attempt.</param>
    public StreamRun Stream(
        int client, double sent, IReadOnlyCollection<string> pieces, int? request = null, string outcome = "Ok", int? tokens = null,
        string more = "")
    {
        if (!_clients.TryGetValue(client, out var lines))
        {
            _clients[client] = lines = [];
        }

        var isComplete = outcome is "Ok" or "ShortOutput";
        var counted = isComplete ? $", \"tokens\": {tokens ?? pieces.Count}" : $", \"events\": {pieces.Count}";
        lines.Add(string.Create(
            CultureInfo.InvariantCulture,
            $$"""
            {"time": "{{Naive(sent + 3)}}", "results": [{"status": {{(isComplete ? "200" : "\"broke\"")}}, "result": {{(isComplete ? Answer(120) : "null")}},
             "request_elapsed_time": 3, "url": "u", "pod": "p", "sent": "{{Utc(sent)}}", "lastByte": "{{Utc(sent + 3)}}", "outcome": "{{outcome}}",
             "firstToken": "{{Utc(sent + 0.1)}}"{{counted}}, "tokensAsked": 20, "interTokenMax": {{0.5 + (0.001 * client)}}, "pauseAfter": 7{{more}},
             "pieces": {{JsonSerializer.Serialize(pieces)}}}],
             "total_time": 3, "url": "u", "pod": "p", "request": {{request ?? lines.Count}}, "intended": "{{Utc(sent)}}", "outcome": "{{outcome}}"}
            """).ReplaceLineEndings(""));
        return this;
    }

    /// <summary>Metrics of a frontend.</summary>
    public StreamRun Frontend(params string[] samples)
    {
        _folder.Write(
            Name, "Frontend/f1.metrics.jsonl",
            samples.Select((one, i) => $$$"""{"at":"{{{Utc(i * 5)}}}","took":0.01,"samples":{{{{one}}}}}"""));
        return this;
    }

    /// <summary>Writes all, and reads the row.</summary>
    public ScenarioResult Parse(bool fault = true)
    {
        var name = fault ? Name : "agg-tp-1-dp-2-none";
        foreach (var (client, lines) in _clients)
        {
            _folder.Write(name, $"client_{client}.log.txt", lines);
        }

        var count = _clients.Values.Sum(lines => lines.Count);
        _folder.TestLog(name, fault ? Fault : null, ready: -1);
        string Event(string kind, double at) =>
            $$"""
            {"at":"{{Utc(at)}}","event":"fault.{{kind}}","id":"1","kind":"killProcess","service":"Decode","pod":"g-d","uid":"u1",
            "signal":"SIGKILL","proof":"process gone"}
            """.ReplaceLineEndings("");
        string[] faults = fault ? [Event("issued", Fault), Event("landed", Fault + 0.2)] : [];
        _folder.Write(
            name, "timeline.jsonl",
            [
                $$"""{"at":"{{Utc(0)}}","event":"load.started","clients":{{_clients.Count}},"planned":{{count}}}""",
                $$"""{"at":"{{Utc(0)}}","event":"load.first_request"}""",
                .. faults,
                $$"""{"at":"{{Utc(40)}}","event":"load.health","valid":true,"reasons":[]}""",
                $$"""{"at":"{{Utc(40)}}","event":"load.ended","planned":{{count}},"sent":{{count}},"notSent":0}""",
            ]);
        return Assert.Single(_folder.Parse().Scenarios);
    }

    public RunResult Run()
    {
        Parse();
        return _folder.Parse();
    }

    public void Dispose() => _folder.Dispose();
}
