using FaultTolerance.Artefacts;
using FaultTolerance.Faults;
using FaultTolerance.Load.Support;
using FaultTolerance.Reports;
using FaultTolerance.Reports.Page;
using FaultTolerance.Results;
using FaultTolerance.Tests.Results;

namespace FaultTolerance.Load;

/// <summary>
/// The states of a real frontend (ai-dynamo 1.6.1), each played once to the load, are told apart in log, tables and page: several have one
/// status and differ in their bodies alone.
/// </summary>
public sealed class ServerStatesTests : IDisposable
{
    private const string Scenario = "own-none";
    private const string NotReady = """{"message":"Model `m` is not ready to serve requests yet.","type":"Service Unavailable","code":503}""";
    private const string Lost = """{"message":"Service temporarily unavailable","type":"Service Unavailable","code":503}""";
    private const string Stopping = """{"message":"Service is not ready","type":"Service Unavailable","code":503}""";
    private const string Late = """{"message":"Request deadline exceeded","type":"Gateway Timeout","code":504}""";
    private const string Unknown = """{"message":"Model not found","type":"Not Found","code":404}""";
    private const string TooLong = """{"message":"Invalid request","type":"Bad Request","code":400,"details":{"type":"context_length","limit":2048,"actual":1000009}}""";
    private const string Broken = """{"error":{"message":"Service temporarily unavailable","type":"service_unavailable","code":503}}""";

    // What is answered, and how it is told.
    private static readonly (int Status, string Body, Outcome Outcome, string Said)[] States =
    [
        (404, "", Outcome.ClientError, "HTTP 404 with an empty body"),
        (404, Unknown, Outcome.ClientError, "HTTP 404: " + Unknown),
        (503, NotReady, Outcome.Rejected, "HTTP 503: " + NotReady),
        (503, Lost, Outcome.Rejected, "HTTP 503: " + Lost),
        (503, Stopping, Outcome.Rejected, "HTTP 503: " + Stopping),
        (504, Late, Outcome.ServerError, "HTTP 504: " + Late),
        (400, TooLong, Outcome.ClientError, "HTTP 400: " + TooLong),
        (200, Broken, Outcome.Rejected, "Service temporarily unavailable"),
    ];

    private readonly LoadFixture _fixture = new();
    private readonly ArtefactFolder _folder = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Each_state_has_its_own_words_in_log_tables_and_page(bool stream)
    {
        var answered = 0;
        var service = new ScriptedService(async s =>
        {
            while (await s.RequestAsync() is not null)
            {
                var (status, body, _, _) = States[answered++];
                if (status != 200)
                {
                    await s.AnswerAsync(body, status);
                }
                else if (stream)
                {
                    // In flight as its worker dies: tokens, the error, and the end marker all the same.
                    await s.SendAsync(Bodies.StreamHead + Bodies.InChunk(Bodies.Chunk("w ") + $"data: {body}\n\ndata: [DONE]\n\n") + "0\r\n\r\n");
                }
                else
                {
                    await s.AnswerAsync(body);
                }
            }
        });
        await _fixture.RunAsync(LoadFixture.Fast with { Clients = 1, RequestsPerClient = States.Length, Stream = stream }, service);

        // The log.
        var lines = _fixture.Lines(0).Select(line => line.GetProperty("results")[0]).ToArray();
        Assert.Equal(States.Select(state => state.Outcome.ToString()), lines.Select(line => line.GetProperty("outcome").GetString()));
        Assert.All(lines.Zip(States), pair => Assert.Contains(pair.Second.Said, pair.First.GetProperty("error").GetString(), StringComparison.Ordinal));
        Assert.Equal(States.Length, lines.Select(line => line.GetProperty("error").GetString()).Distinct().Count());

        // The tables.
        var run = Parse();
        var row = run.Scenarios.Single();
        Assert.Equal(States.Length, row.Failures.Length);
        Assert.All(States, state => Assert.Contains(row.Failures, text =>
            text.Outcome == state.Outcome && text.Count == 1 && text.Said.Contains(state.Said, StringComparison.Ordinal)));
        Assert.Equal((0.0, (double)States.Length), (row.Row.SuccessBefore, row.Row.FailedBefore));
        var table = SummaryText.Write(run);
        var csv = Path.Combine(_folder.Path, "summary.csv");
        SummaryCsv.Write(run, csv);
        Assert.All(States, state => Assert.Contains(state.Said, table, StringComparison.Ordinal));
        Assert.All(States, state => Assert.Contains(
            state.Said.Replace("\"", "\"\"", StringComparison.Ordinal), File.ReadAllText(csv), StringComparison.Ordinal));

        // The page, whose texts are cut.
        var page = System.Net.WebUtility.HtmlDecode(PageWriter.Text(run, FaultKinds.Standard.Words));
        Assert.All(States, state => Assert.Contains(
            state.Said[..Math.Min(state.Said.Length, 100)], page, StringComparison.Ordinal));
    }

    public void Dispose()
    {
        _fixture.Dispose();
        _folder.Dispose();
    }

    private RunResult Parse()
    {
        _folder.TestLog(Scenario, fault: null);
        foreach (var file in Directory.GetFiles(_fixture.Folder.Path))
        {
            using var from = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var to = File.Create(Path.Combine(_folder.Scenario(Scenario), Path.GetFileName(file)));
            from.CopyTo(to);
        }

        return _folder.Parse();
    }
}
