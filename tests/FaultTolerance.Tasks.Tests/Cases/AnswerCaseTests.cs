using FaultTolerance.Artefacts;
using FaultTolerance.Load.Support;
using FaultTolerance.Results;
using FaultTolerance.Scenarios;
using FaultTolerance.Tests.Results;

namespace FaultTolerance.Tests.Cases;

/// <summary>The servers of the cases stream-error, reasoning, done-blank and kept-connections, answered request by request.</summary>
public sealed class AnswerCaseTests : IDisposable
{
    private const string Streamed = """
        s_ok Ok | s_crlf Ok | s_cr Ok | s_nospace Ok | s_onebyte Ok | s_comments Ok | s_bom Ok
        s_done_trail Ok | s_done_lead Ok | s_done_noblank Ok | s_done_nolf Ok
        s_dyn_old ServerError | s_dyn_old_done ServerError | s_dyn_old_full ServerError | s_dyn_new ServerError | s_vllm_old_err ServerError
        s_event_error_data Rejected | s_err_strcode Rejected | s_err_string ServerError | s_raw_err Rejected
        s_reasoning Ok | s_reasoning_nousage Ok | s_reasoning_content_nousage Ok | s_reasoning_slow Ok | s_tools Ok
        s_choices_null Ok | s_usage_null Ok | s_gzip Malformed | s_charset Ok | s_trailers Ok | s_103 Ok | s_close Ok | s_http10 Ok
        s_429 Rejected | s_413 ClientError | s_json200err Rejected | s_filter ShortOutput | s_multiline Ok | s_closeafter Ok | s_noreason Ok
        s_bighead Ok | s_302 Malformed | s_empty ShortOutput | s_none StreamTruncated | s_cut ResetMidStream
        """;

    private const string Whole = """
        n_ok Ok | n_reasoning Ok | n_reasoning_nokey Ok | n_reasoning_content Ok | n_choices0 Malformed | n_err200 Rejected | n_gzip Malformed
        n_429 Rejected | n_bom Malformed | n_pretty Ok | n_tools Ok | n_103 Ok | n_trailers Ok | n_empty Malformed | n_html Malformed
        n_sse Malformed | n_502html ServerError | n_nousage Ok | n_usage_null Ok | n_textwhitespace Ok | n_cut ResetMidStream
        """;

    private readonly LoadFixture _fixture = new();
    private readonly ArtefactFolder _folder = new();

    [Theory]
    [InlineData(true, Streamed)]
    [InlineData(false, Whole)]
    public async Task Each_answer_is_what_its_server_meant(bool stream, string answers)
    {
        (string Mode, string Outcome)[] expected =
        [
            .. answers.Split('|', '\n').Select(pair => pair.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Select(pair => (pair[0], pair[1])),
        ];
        var spec = LoadFixture.Fast with { Clients = 1, RequestsPerClient = expected.Length, Stream = stream, StallTimeout = TimeSpan.FromSeconds(2) };

        // Some of these close after their answer, which is another case's matter.
        spec = spec with { Connections = Connections.PerRequest };

        await RunAsync(spec, CaseFiles.Of("stream-error", "llm.py"), ("MODES", string.Join(',', expected.Select(pair => pair.Mode))));

        var results = _fixture.Lines(0).Select(line => line.GetProperty("results")[0]).ToArray();
        Assert.Equal(
            expected.Select(pair => $"{pair.Mode} {pair.Outcome}"),
            expected.Zip(results, (pair, result) => $"{pair.Mode} {result.GetProperty("outcome").GetString()}")
        );

        // What failed in a stream is no success of the reference suite's rule either, and its text is kept.
        Assert.All(results.Where(result => result.GetProperty("outcome").GetString() is "ServerError" or "Rejected"), result =>
            Assert.False(string.IsNullOrEmpty(result.GetProperty("error").GetString())));
        var row = Parse();
        Assert.Equal(expected.Count(pair => pair.Outcome is not ("Ok" or "ShortOutput")), row.Books.Outcomes
            .Where(pair => pair.Outcome is not (Outcome.Ok or Outcome.ShortOutput)).Sum(pair => pair.Count));
        if (stream)
        {
            Assert.All(results.Zip(expected).Where(pair => pair.Second.Outcome is "ServerError" or "Rejected" && pair.Second.Mode is not ("s_429" or "s_json200err")), pair =>
                Assert.Equal(System.Text.Json.JsonValueKind.Null, pair.First.GetProperty("result").ValueKind));
        }
    }

    [Fact]
    public async Task Reasoning_without_usage_is_told_in_a_note_and_answers_without_content_too()
    {
        var spec = LoadFixture.Fast with { Clients = 1, RequestsPerClient = 4, Stream = true };

        await RunAsync(spec, CaseFiles.Of("reasoning", "llm.py"), ("MODES", "s_reasoning_nousage"));

        var row = Parse();
        Assert.Equal(4, row.Books.Succeeded);
        Assert.Contains(row.Notes, note => note.StartsWith("4 streamed answers came without usage", StringComparison.Ordinal));
        Assert.All(row.Attempts.Single(), attempt => Assert.NotEqual(0, attempt.FirstToken));
    }

    [Fact]
    public async Task Kept_connections_that_an_idle_server_closes_are_no_failures()
    {
        // Requests come as the server closes what was idle for a tenth of a second.
        var spec = LoadFixture.Fast with { Clients = 8, RequestsPerClient = 40, RatePerClient = 9.97 };

        await RunAsync(spec, CaseFiles.Of("kept-connections", "llm_idle.py"), ("MODES", "n_ok"), ("IDLE", "0.1"));

        // On a busy machine the server closes new connections too, before the request comes: those are told as what they are.
        var row = Parse();
        var failed = row.Attempts.SelectMany(client => client).Where(attempt => attempt.Outcome is not (Outcome.Ok or Outcome.ResetKept)).ToList();
        Assert.All(failed, attempt => Assert.NotEqual(0, attempt.Connected));
        Assert.Equal(320, row.Books.Succeeded + row.Books.KeptResets + failed.Count);
        Assert.Equal(failed.Count, row.Row.FailedBefore);
        Assert.Equal(row.Books.KeptResets > 0, row.Notes.Any(note => note.Contains("kept connection", StringComparison.Ordinal)));
        Assert.InRange(row.Connections!.Share, 0.01, 1);
    }

    public void Dispose()
    {
        _fixture.Dispose();
        _folder.Dispose();
    }

    private async Task RunAsync(LoadSpec spec, string script, params (string Name, string Value)[] variables)
    {
        var (process, port) = await CaseFiles.StartServerAsync(script, variables);
        using (process)
        {
            try
            {
                await using var transport = new LoopbackTransport(port);
                await _fixture.RunAsync(spec, transport, new() { Preconnect = false });
            }
            finally
            {
                process.Kill(entireProcessTree: true);
                await process.WaitForExitAsync(CancellationToken.None);
            }
        }
    }

    private ScenarioResult Parse()
    {
        const string Scenario = "own-none";
        _folder.TestLog(Scenario, fault: null);
        foreach (var file in Directory.GetFiles(_fixture.Folder.Path))
        {
            using var from = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var to = File.Create(Path.Combine(_folder.Scenario(Scenario), Path.GetFileName(file)));
            from.CopyTo(to);
        }

        return _folder.Parse().Scenarios.Single();
    }
}
