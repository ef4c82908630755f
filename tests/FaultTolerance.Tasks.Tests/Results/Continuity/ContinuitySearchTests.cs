using FaultTolerance.Faults;
using FaultTolerance.Reports;
using FaultTolerance.Results;
using FaultTolerance.Results.Checks;
using FaultTolerance.Results.Continuity;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Tests.Results.Continuity;

public sealed class ContinuitySearchTests
{
    private static readonly string[] Answer = StreamRun.Tokens(0, 0);

    [Fact]
    public void Of_750_streams_with_seeded_losses_finds_exactly_these()
    {
        using var run = new StreamRun();
        var random = new Random(20261128);
        var (lost, doubled, changed, differing) = (0, 0, 0, 0);
        for (var client = 0; client < 10; client++)
        {
            for (var prompt = 0; prompt < ContinuityPrompts.PerClient; prompt++)
            {
                run.Stream(client, prompt, StreamRun.Tokens(client, prompt));
            }

            for (var i = 0; i < 75; i++)
            {
                List<string> tokens = [.. StreamRun.Tokens(client, (int)ContinuityPrompts.Of(ContinuityPrompts.PerClient + i))];
                var at = random.Next(tokens.Count);
                switch (random.Next(20))
                {
                    case 0: tokens.RemoveAt(at); (lost, differing) = (lost + 1, differing + 1); break;
                    case 1: tokens.Insert(at, tokens[at]); (doubled, differing) = (doubled + 1, differing + 1); break;
                    case 2: tokens[at] = " other"; (changed, differing) = (changed + 1, differing + 1); break;
                }

                run.Stream(client, 10.5 + (0.3 * i), tokens);
            }
        }

        var found = run.Parse().Continuity!;

        Assert.True(lost > 0 && doubled > 0 && changed > 0);
        Assert.Equal((750, 750 - differing, differing), (found.Compared, found.Count(StreamFate.Whole), found.Count(StreamFate.Differs)));
        Assert.Equal(new TextDifference(lost, doubled, 0, changed), found.Tokens);
        Assert.Equal((0, 0), (found.ByCharacters, found.Count(StreamFate.NotCompared)));
    }

    [Fact]
    public void Of_an_answer_without_text_has_no_tokens_to_tell_apart()
    {
        using var run = new StreamRun();
        run.Stream(0, 0, [""], tokens: 0).Stream(0, 20, [" more"], request: 4, tokens: 1);

        var found = run.Parse().Continuity!;

        Assert.Equal((1, 1), (found.Count(StreamFate.Differs), found.ByCharacters));
    }

    [Fact]
    public void Of_streams_open_at_the_fault_tells_which_went_on()
    {
        using var run = new StreamRun();
        run.Stream(0, 0, Answer).Stream(0, 9, Answer, request: 4).Stream(0, 9, Answer[..8], request: 8, outcome: "StreamTruncated")
            .Stream(0, 20, Answer, request: 12).Stream(0, 9, Answer[..8], request: 16, outcome: "Transport");

        var found = run.Parse().Continuity!;

        Assert.Equal((3, 2, 1), (found.Streams.Length, found.Open, found.WentOn));
        Assert.Equal((2, 1, 2d / 3), (found.Count(StreamFate.Whole), found.Count(StreamFate.BrokenOff), found.Share));
        Assert.Equal((0.5f, 7), (found.Slowest!.Attempt.InterTokenMax, found.Slowest.PauseAfter));
    }

    [Fact]
    public void Of_a_text_in_other_events_is_whole()
    {
        using var run = new StreamRun();
        run.Stream(0, 0, Answer)
            .Stream(0, 20, [string.Concat(Answer[..9]), string.Concat(Answer[9..])], request: 4, tokens: 20);

        Assert.Equal(1, run.Parse().Continuity!.Count(StreamFate.Whole));
    }

    [Fact]
    public void Of_events_with_several_tokens_counts_tokens_where_there_is_one_way_to_split_them()
    {
        using var run = new StreamRun();
        run.Stream(0, 0, Answer)
            .Stream(0, 20, [.. Answer[..5], string.Concat(Answer[6..])], request: 4, outcome: "ShortOutput", tokens: 19);

        var found = run.Parse().Continuity!;

        Assert.Equal((new TextDifference(1, 0, 0, 0), 0), (found.Tokens, found.ByCharacters));
    }

    [Fact]
    public void Of_two_answers_in_different_events_takes_the_tokens_from_both()
    {
        using var run = new StreamRun();
        run.Stream(0, 0, [string.Concat(Answer[..2]), .. Answer[2..]], tokens: 20)
            .Stream(0, 4, [.. Answer[..18], string.Concat(Answer[18..])], request: 4, tokens: 20)
            .Stream(0, 20, Answer[1..], request: 8, outcome: "ShortOutput");

        Assert.Equal(new TextDifference(1, 0, 0, 0), run.Parse().Continuity!.Tokens);
    }

    [Theory]
    [InlineData(20, new[] { "aa", "b" }, 3)]
    [InlineData(2, new[] { "aab" }, 3)]
    internal void Of_tokens_that_cannot_be_told_apart_counts_characters(int before, string[] pieces, int tokens)
    {
        using var run = new StreamRun();
        // The first: an answer whose service counts more tokens than there are events. The second: two ways to split what came.
        string[] answer = before == 20 ? ["aa", "bb", "c"] : ["a", "aa", "b", "ab", "c"];
        run.Stream(0, 0, answer, tokens: before == 20 ? before : null)
            .Stream(0, 20, pieces, request: 4, outcome: "ShortOutput", tokens: tokens + 1);

        var found = run.Parse();

        Assert.Equal((1, default), (found.Continuity!.ByCharacters, found.Continuity.Tokens));
        Assert.True(found.Continuity.Characters.Lost > 0);
        Assert.Contains("cannot be told apart", string.Join(' ', found.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_a_service_that_answers_one_prompt_with_two_texts_is_unknown()
    {
        using var run = new StreamRun();
        run.Stream(0, 0, Answer).Stream(0, 4, StreamRun.Tokens(0, 1), request: 4).Stream(0, 20, Answer, request: 8);

        var row = run.Parse();

        Assert.Equal((1, 1), (row.Continuity!.Controls, row.Continuity.ControlsDiffering));
        Assert.Contains(
            "continuity is unknown: 1 of 1 answers before the fault differ", string.Join(' ', row.Notes), StringComparison.Ordinal);
        Assert.Equal(CheckOutcome.Unknown, Judge(row, 0).Outcome);
    }

    [Theory]
    [InlineData(0.5, CheckOutcome.Pass)]
    [InlineData(0.51, CheckOutcome.Fail)]
    internal void Judge_share_of_whole_streams_passes_at_what_is_asked(double least, CheckOutcome outcome)
    {
        using var run = new StreamRun();
        run.Stream(0, 0, Answer).Stream(0, 20, Answer, request: 4).Stream(0, 20, Answer[1..], request: 8, outcome: "ShortOutput");

        var finding = Judge(run.Parse(), least);

        Assert.Equal(
            (outcome, "1 of 2 streams whole (9.5 to 90.5 %), 0 broken off; tokens lost 1, doubled 0, added 0, changed 0"),
            (finding.Outcome, finding.Evidence));
    }

    [Fact]
    public void Judge_without_recorded_texts_is_unknown() =>
        Assert.Equal(CheckOutcome.Unknown, Judge(SyntheticRun.Parse().Scenarios[0], 0).Outcome);

    [Fact]
    public void Of_a_prompt_that_nobody_answered_before_or_a_text_that_was_cut_is_not_compared()
    {
        using var run = new StreamRun();
        run.Stream(0, 0, Answer).Stream(0, 20, Answer, request: 1).Stream(0, 20, Answer, request: 4, more: ", \"piecesCut\": true");

        var row = run.Parse();

        Assert.Equal((2, 0, null), (row.Continuity!.Count(StreamFate.NotCompared), row.Continuity.Compared, row.Continuity.Share));
        Assert.Contains("2 of 2 streams could not be compared", string.Join(' ', row.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_a_row_without_a_fault_compares_with_each_prompt_s_first_answer()
    {
        using var run = new StreamRun();
        run.Stream(0, 0, Answer).Stream(0, 4, Answer, request: 4).Stream(0, 8, Answer[1..], request: 8, outcome: "ShortOutput");

        var found = run.Parse(fault: false).Continuity!;

        Assert.Equal((2, 0.5, 0), (found.Compared, found.Share, found.Open));
    }

    [Fact]
    public void Of_frontends_that_tell_counts_their_migrations()
    {
        const string Series = "dynamo_frontend_model_migration_total{migration_type=\\\"KIND\\\",model=\\\"m\\\"}";
        using var run = new StreamRun();
        run.Stream(0, 0, Answer).Stream(0, 20, Answer, request: 4).Frontend(
            "\"dynamo_frontend_requests_total\":1",
            $"\"{Series.Replace("KIND", "ongoing_request", StringComparison.Ordinal)}\":3,"
                + $"\"{Series.Replace("KIND", "new_request", StringComparison.Ordinal)}\":5");

        Assert.Equal(3, run.Parse().Continuity!.Migrations);
    }

    [Fact]
    public void Of_no_frontend_that_tells_leaves_migrations_unknown()
    {
        using var run = new StreamRun();

        Assert.Null(run.Stream(0, 0, Answer).Stream(0, 20, Answer, request: 4).Parse().Continuity!.Migrations);
    }

    [Fact]
    public void Files_of_a_run_tell_of_its_streams()
    {
        using var run = new StreamRun();
        using var target = new ArtefactFolder();
        run.Stream(0, 0, Answer).Stream(0, 9, Answer, request: 4).Stream(0, 20, Answer[1..], request: 8, outcome: "ShortOutput");

        ReportWriter.WriteAll(run.Run(), target.Path, FaultKinds.Standard.Words);

        string Text(string file) => File.ReadAllText(Path.Combine(target.Path, file));
        Assert.Equal(3, Text("continuity.csv").TrimEnd().Split('\n').Length);
        Assert.Contains("ShortOutput,Differs,false,,tokens,1,0,0,0,0.5,7", Text("continuity.csv"), StringComparison.Ordinal);
        Assert.Contains(ContinuityTable.Title, Text("summary.txt"), StringComparison.Ordinal);
        Assert.Contains(ContinuityTable.Title, Text("summary.md"), StringComparison.Ordinal);
        Assert.Contains("\"tokensLost\": 1,", Text("summary.json"), StringComparison.Ordinal);
        Assert.Contains(",tokens_lost,", Text("summary.csv"), StringComparison.Ordinal);
        Assert.Contains("client 0, request 8", Text("report.html"), StringComparison.Ordinal);
    }

    private static Finding Judge(ScenarioResult row, double least) =>
        CheckCatalog.Default.Find("continuity")!.Judge(row, new CheckSpec("continuity") { AtLeast = least });
}
