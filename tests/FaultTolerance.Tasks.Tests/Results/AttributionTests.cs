using System.Globalization;
using System.Text.RegularExpressions;
using FaultTolerance.Artefacts;
using FaultTolerance.Faults;
using FaultTolerance.Reports;
using FaultTolerance.Reports.Page;
using FaultTolerance.Results;
using FaultTolerance.Results.Recovery;
using FaultTolerance.Results.Trials;
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

        // Nor in the suite's columns and the books' failed; both count it beside them.
        Assert.Equal((0.0, 0.0, 298.0), (row.Row.FailedBefore, row.Row.FailedAfter, row.Row.SuccessBefore + row.Row.SuccessAfter));
        Assert.Equal((298, 0, 2), (row.Books.Succeeded, row.Books.Failed, row.Books.KeptResets + row.Books.OwnTransport));
        Assert.Equal((300L, 300L), (row.Books.Planned, row.Books.Sent));
    }

    [Theory]
    [InlineData("Transport", "Own\nTransport", "own_transport")]
    [InlineData("ResetKept", "Kept\nResets", "kept_resets")]
    public void Reports_show_what_is_not_the_services_in_a_column_of_its_own(string outcome, string header, string column)
    {
        Parse(i => i is 105 or 150 ? outcome : "Ok");
        var run = _folder.Parse();

        var table = ClientTable.Of(RowTrials.Of(run.Scenarios))!;
        Assert.Contains(header, table.Headers);
        Assert.Equal("2", table.Rows.Single().Values[table.Headers.IndexOf(header) - 1]);
        Assert.Contains($"{header.Replace('\n', ' ')}:", SummaryText.Write(run), StringComparison.Ordinal);
        var csv = Path.Combine(_folder.Path, "summary.csv");
        SummaryCsv.Write(run, csv);
        Assert.Equal("2", Cell(csv, column));

        Parse(_ => "Ok");
        Assert.DoesNotContain(header, ClientTable.Of(RowTrials.Of(_folder.Parse().Scenarios))!.Headers);
    }

    [Fact]
    public void Parse_kept_resets_are_harm_where_the_load_asks_for_it()
    {
        Parse(i => i is 105 or 150 ? "ResetKept" : "Ok");
        var timeline = Path.Combine(_folder.Scenario(Scenario), "timeline.jsonl");
        File.WriteAllText(
            timeline,
            File.ReadAllText(timeline).Replace("\"clients\":1,", "\"clients\":1,\"keptResetsAreHarm\":true,", StringComparison.Ordinal)
        );

        var row = _folder.Parse().Scenarios.Single();

        Assert.Equal((2, 2.0, 2, 0), (row.Damage!.LostRequests, row.Row.FailedAfter, row.Books.Failed, row.Books.KeptResets));
        Assert.DoesNotContain(row.Notes, note => note.Contains("kept connection", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Deadline")]
    [InlineData("Stalled")]
    [InlineData("ResetMidStream")]
    [InlineData("ResetBeforeHeaders")]
    public void Parse_what_failed_while_our_own_way_carried_nothing_failed_on_it(string outcome)
    {
        // Ten requests from 15 s on, all while the way is found broken; one long after.
        var row = Parse(i => i is >= 150 and < 160 or 250 ? outcome : "Ok", Way(16, false, since: 14.9) + "\n" + Way(16.2, true));

        Assert.Equal((10, 1, 1), (row.Books.OwnTransport, row.Books.Failed, row.Damage!.LostRequests));
        Assert.Equal(RowState.Invalid, row.State);
        Assert.Contains(row.Notes, note => note.StartsWith("FT0814: 10 of 300 requests failed on our own way", StringComparison.Ordinal)
            && note.EndsWith("the kubelet is stopped", StringComparison.Ordinal));
    }

    [Fact]
    public void Parse_what_only_waited_for_our_own_way_makes_the_row_invalid_too()
    {
        var row = Parse(_ => "Ok", Way(16, false, since: 15) + "\n" + Way(18, true));

        Assert.Equal((300, 0), (row.Books.Succeeded, row.Books.Failed));
        Assert.Equal(RowState.Invalid, row.State);
        Assert.Contains(row.Notes, note => note.Contains("31 of 300 requests were under way while it carried nothing", StringComparison.Ordinal));
    }

    [Fact]
    public void Parse_way_that_a_fault_of_the_run_cut_leaves_the_row_sound()
    {
        // Twenty on the cut way, three of them after its undo, before the way is seen to carry again; the others only waited for it.
        var way = Way(15.5, false, since: 14.8) + "\n" + Way(17.9, true);
        var row = Parse(i => i is >= 151 and < 171 ? "Transport" : "Ok", Cut(15, 16.8) + "\n" + way);

        Assert.Equal((20, 0, 0), (row.Books.OwnTransport, row.Books.Failed, row.Damage!.LostRequests));
        Assert.Equal(RowState.Measured, row.State);
        Assert.Contains(row.Notes, note => note.Contains("20 of 300 requests failed on our own way", StringComparison.Ordinal)
            && note.Contains("as was asked for", StringComparison.Ordinal));
        Assert.DoesNotContain(row.Notes, note => note.Contains("the kubelet is stopped", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(180, 190)]
    [InlineData(140, 149)]
    public void Parse_way_that_breaks_outside_of_the_faults_time_was_not_asked_for(int from, int to)
    {
        var row = Parse(i => i >= from && i < to ? "Transport" : "Ok", Cut(15, 16.8));

        Assert.Equal(RowState.Invalid, row.State);
        Assert.DoesNotContain(row.Notes, note => note.Contains("as was asked for", StringComparison.Ordinal));
    }

    [Fact]
    public void Parse_way_that_stays_broken_long_after_the_undo_was_not_asked_for()
    {
        var row = Parse(
            i => i >= 240 && i < 250 ? "Deadline" : "Ok", Cut(15, 16.8) + "\n" + Way(16, false, since: 15.2) + "\n" + Way(26, true));

        Assert.Equal((10, RowState.Invalid), (row.Books.OwnTransport, row.State));
    }

    [Fact]
    public void Parse_fault_that_cut_off_most_of_the_load_is_no_result()
    {
        var row = Parse(i => i >= 100 ? "Transport" : "Ok", Cut(9.9, 40));

        Assert.Equal(RowState.Invalid, row.State);
        Assert.Contains(row.Notes, note => note.StartsWith("FT0814: 200 of 300", StringComparison.Ordinal));
    }

    [Fact]
    public void Parse_way_to_another_pod_says_nothing_of_this_one() =>
        Assert.Equal(RowState.Measured, Parse(i => i is 150 ? "Deadline" : "Ok", Way(16, false, since: 15, pod: "other")).State);

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
    public void Parse_new_connection_that_broke_at_once_beside_kept_ones_leaves_them_apart()
    {
        // A server that closes what is idle closes a new connection too, when the request comes late.
        var row = Parse(i => i is 150 or 152 ? "ResetKept" : i is 151 ? "ResetBeforeHeaders" : "Ok");

        Assert.Equal((1, 1, 2), (row.Damage!.LostRequests, row.Books.Failed, row.Books.KeptResets));
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

        var run = _folder.Parse();
        var csv = Path.Combine(_folder.Path, "summary.csv");
        SummaryCsv.Write(run, csv);
        Assert.Equal(1.0 / 301, double.Parse(Cell(csv, "new_connections"), CultureInfo.InvariantCulture), 6);
        Assert.Equal(0.2, double.Parse(Cell(csv, "connect_max_seconds"), CultureInfo.InvariantCulture), 2);
        Assert.Contains(
            "New connections: 1 of 301 (",
            PageWriter.Text(run, FaultKinds.Standard.Words),
            StringComparison.Ordinal
        );
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

    // The one row's value; texts that hold commas or line breaks stand between quotes.
    private static string Cell(string file, string column)
    {
        var text = File.ReadAllText(file);
        var rows = Regex.Matches(text, "(?:\"(?<value>(?:[^\"]|\"\")*)\"|(?<value>[^,\r\n]*))(?:,|\r?\n)", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(5))
            .Select(match => match.Groups["value"].Value).ToArray();
        var headers = text[..text.IndexOf('\n', StringComparison.Ordinal)].Trim().Split(',');
        return rows[headers.Length + Array.IndexOf(headers, column)];
    }

    private static string Cut(double from, double to) =>
        $$"""
        {"at":"{{Utc(from)}}","event":"fault.issued","id":"2","kind":"cutApi","target":"api","ownWay":true}
        {"at":"{{Utc(from + 0.01)}}","event":"fault.landed","id":"2","kind":"cutApi","target":"api","proof":"a call fails"}
        {"at":"{{Utc(to)}}","event":"fault.healed","id":"2","kind":"cutApi","target":"api","proof":"answers again"}
        """;

    private static string Way(double at, bool open, double since = 0, string pod = "p") =>
        open
            ? $$"""{"at":"{{Utc(at)}}","event":"way","pod":"{{pod}}","open":true}"""
            : $$"""{"at":"{{Utc(at)}}","event":"way","pod":"{{pod}}","open":false,"reason":"the kubelet is stopped","since":"{{Utc(since)}}"}""";

    // Ten requests a second for 30 s, a proven fault at 10 s, no harm but what is asked for.
    private ScenarioResult Parse(Func<int, string> outcome, string more = "")
    {
        SyntheticRun.Scenario(_folder, Scenario, back: SyntheticRun.Fault, more: more);
        _folder.Write(Scenario, "client_0.log.txt", Enumerable.Range(0, 300).Select(i => Line(i, i / 10.0, 0.08, outcome(i))));
        return _folder.Parse().Scenarios.Single();
    }
}
