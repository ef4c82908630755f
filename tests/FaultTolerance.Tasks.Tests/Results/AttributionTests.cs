using FaultTolerance.Artefacts;
using FaultTolerance.Results;
using FaultTolerance.Results.Recovery;
using static FaultTolerance.Tests.Results.ArtefactFolder;

namespace FaultTolerance.Tests.Results;

/// <summary>Whose failure it was: the service's, the tool's own way to it, or nobody's.</summary>
public sealed class AttributionTests : IDisposable
{
    private const string Scenario = "agg-tp-1-dp-1-frontend";
    private readonly ArtefactFolder _folder = new();

    [Theory]
    [InlineData("Transport")]
    [InlineData("ResetKept")]
    public void Parse_what_is_not_the_services_is_in_none_of_its_figures(string outcome)
    {
        var row = Parse(i => i is 105 or 150 ? outcome : "Ok");

        Assert.Equal(MeasuredKind.NotNeeded, row.Recovery.Single(pair => pair.Name == "first_error").Value.Kind);
        Assert.Equal((0, 0L), (row.Damage!.LostRequests, row.Damage.LostTokens));
        Assert.Equal((Enum.Parse<Outcome>(outcome), 2), row.Books.Became.Single(pair => pair.Outcome != Outcome.Ok));
        Assert.Equal(RowState.Measured, row.State);
    }

    [Fact]
    public void Parse_kept_connection_that_broke_beside_others_is_the_services()
    {
        var row = Parse(i => i is 105 ? "ResetKept" : i is 107 or 108 ? "Refused" : "Ok");

        Assert.Equal(3, row.Damage!.LostRequests);
        Assert.DoesNotContain(row.Notes, note => note.Contains("kept connection", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"event":"pod","service":"Frontend","pod":"p","uid":"u","change":"terminating","restarts":0}""", 1)]
    [InlineData("""{"event":"pod","service":"Frontend","pod":"p","uid":"u","change":"not_ready","restarts":0}""", 1)]
    [InlineData("""{"event":"endpoint","service":"f","pod":"p","ready":false}""", 1)]
    [InlineData("""{"event":"fault.issued","id":"2","service":"Frontend","pod":"p"}""", 1)]
    [InlineData("""{"event":"endpoint","service":"f","pod":"p","ready":true}""", 0)]
    [InlineData("""{"event":"pod","service":"Frontend","pod":"another","uid":"u","change":"terminating","restarts":0}""", 0)]
    public void Parse_kept_connection_of_a_pod_that_was_going_is_the_services(string trouble, int lost)
    {
        // One of several frontends is deleted: what was in flight on it is all that breaks.
        var row = Parse(
            i => i is 150 ? "ResetKept" : "Ok",
            trouble.Replace("{\"event", $"{{\"at\":\"{Utc(16)}\",\"event", StringComparison.Ordinal)
        );

        Assert.Equal(lost, row.Damage!.LostRequests);
        Assert.Equal(lost, row.Books.Became.Where(pair => pair.Outcome == Outcome.ResetBeforeHeaders).Sum(pair => pair.Count));
    }

    [Fact]
    public void Parse_kept_connections_are_told_in_a_note() =>
        Assert.Contains(Parse(i => i is 20 or 150 ? "ResetKept" : "Ok").Notes, note =>
            note.StartsWith("2 requests were written on a kept connection", StringComparison.Ordinal)
        );

    [Theory]
    [InlineData(3, RowState.Measured)]
    [InlineData(4, RowState.Invalid)]
    internal void Parse_more_than_a_hundredth_failed_on_our_own_way_is_no_result(int count, RowState expected)
    {
        var row = Parse(i => i >= 200 && i < 200 + count ? "Transport" : "Ok");

        Assert.Equal(expected, row.State);
        Assert.Contains(row.Notes, note =>
            note.Contains($"{count} of 300 requests failed on our own way to the frontends", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Parse_new_connections_are_counted_with_what_they_took()
    {
        Parse(_ => "Ok");
        var line = Line(0, 1, 0.5, "Ok").Replace("\"lastByte\"", $"\"connected\": \"{Utc(1.2)}\", \"lastByte\"", StringComparison.Ordinal);
        _folder.Write(Scenario, "client_1.log.txt", line);

        var connections = _folder.Parse().Scenarios.Single().Connections!;

        Assert.Equal((301, 1), (connections.Attempts, connections.Made));
        Assert.Equal(0.2, connections.Took!.Max, 3);
        Assert.Equal(1.0 / 301, connections.Share, 6);
    }

    [Fact]
    public void Parse_answers_without_usage_or_content_are_told_in_notes()
    {
        Parse(_ => "Ok");
        var streamed = Line(0, 1, 0.5, "Ok")
            .Replace("\"lastByte\"", "\"events\": 12, \"tokensAsked\": 100, \"lastByte\"", StringComparison.Ordinal);
        var silent = Line(1, 2, 0.5, "Ok")
            .Replace(Answer(120), "{\"choices\": [{\"message\": {\"content\": null, \"reasoning\": \"r\"}}]}", StringComparison.Ordinal);
        _folder.Write(Scenario, "client_1.log.txt", streamed, silent);

        var notes = _folder.Parse().Scenarios.Single().Notes;

        Assert.Contains(notes, note => note.StartsWith("1 streamed answers came without usage", StringComparison.Ordinal));
        Assert.Contains(notes, note => note.StartsWith("1 answers are whole and hold reasoning or tool calls", StringComparison.Ordinal));
    }

    public void Dispose() => _folder.Dispose();

    // Ten requests a second for 30 s, a proven fault at 10 s, no harm but what is asked for.
    private ScenarioResult Parse(Func<int, string> outcome, string more = "")
    {
        SyntheticRun.Scenario(_folder, Scenario, back: SyntheticRun.Fault, more: more);
        _folder.Write(Scenario, "client_0.log.txt", Enumerable.Range(0, 300).Select(i => Line(i, i / 10.0, 0.08, outcome(i))));
        return _folder.Parse().Scenarios.Single();
    }
}
