namespace FaultTolerance.Load.Streaming;

public sealed class TokenGapsTests
{
    [Fact]
    public void Median_of_few_is_exact_and_of_many_is_close()
    {
        var gaps = new TokenGaps();
        Assert.True(double.IsNaN(gaps.Median()));
        foreach (var gap in new[] { 3.0, 1, 2, 4 })
        {
            gaps.Add(gap);
        }

        Assert.Equal((2.5, 4), (gaps.Median(), gaps.Max));

        gaps.Reset();
        for (var i = 0; i < 100_000; i++)
        {
            gaps.Add(i);
        }

        Assert.InRange(gaps.Median(), 49_000, 51_000);
        Assert.Equal(99_999, gaps.Max);
    }
}
