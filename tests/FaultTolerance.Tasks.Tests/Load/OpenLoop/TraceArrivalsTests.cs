namespace FaultTolerance.Load.OpenLoop;

public sealed class TraceArrivalsTests
{
    [Fact]
    public void Next_after_the_end_begins_again_a_usual_gap_later()
    {
        var arrivals = new TraceArrivals([0, 1, 1, 6]);

        Assert.Equal([0, 1, 1, 6, 8, 9, 9, 14, 16], Enumerable.Range(0, 9).Select(_ => arrivals.Next()));
    }

    [Fact]
    public void Next_of_one_request_repeats_it_each_second()
    {
        var arrivals = new TraceArrivals([0]);

        Assert.Equal([0, 1, 2], Enumerable.Range(0, 3).Select(_ => arrivals.Next()));
    }
}
