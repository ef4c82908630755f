using FaultTolerance.Results.Comparison;
using FaultTolerance.Results.History;
using FaultTolerance.Results.Trials;

namespace FaultTolerance.Tests.Results.Continuity;

public sealed class ComparedStreamsTests
{
    [Fact]
    public void Of_runs_whose_streams_are_compared_has_the_share_that_came_whole()
    {
        using var older = Streams(whole: 3, differing: 1);
        using var newer = Streams(whole: 2, differing: 2);

        var row = Assert.Single(RunComparison.Of(older.Run(), newer.Run()).Rows);

        var delta = Assert.Single(row.Deltas, delta => delta.Measure == ComparedMeasures.Continuity);
        Assert.Equal((0.75, 0.5), (delta.Older, delta.Newer));
        Assert.Equal("Streams whole", ComparedMeasures.Title(delta.Measure));
    }

    [Fact]
    public void Of_a_row_of_a_history_has_the_share_with_its_interval()
    {
        using var run = Streams(whole: 3, differing: 1);

        var point = Assert.Single(Values(run), value => value.Measure == ComparedMeasures.Continuity).Point;

        Assert.Equal(0.75, point.Value);
        Assert.InRange(point.Interval!.Value.Low, 0.2, 0.74);
        Assert.InRange(point.Interval!.Value.High, 0.76, 1);
    }

    [Fact]
    public void Of_a_service_that_answers_a_prompt_with_several_texts_tells_nothing()
    {
        using var run = Streams(whole: 3, differing: 1);
        run.Stream(0, 4, [" other"], request: 4);

        Assert.DoesNotContain(Values(run), value => value.Measure == ComparedMeasures.Continuity);
    }

    private static IEnumerable<(string Measure, HistoryPoint Point)> Values(StreamRun run) =>
        RowValues.Of(Assert.Single(RowTrials.Of(run.Run().Scenarios)), 0);

    private static StreamRun Streams(int whole, int differing)
    {
        var run = new StreamRun();
        for (var client = 0; client < whole + differing; client++)
        {
            run.Stream(client, 0, StreamRun.Tokens(client, 0), request: 0)
                .Stream(client, 20, client < whole ? StreamRun.Tokens(client, 0) : [.. StreamRun.Tokens(client, 0).Skip(1)], request: 4);
        }

        return run;
    }
}
