namespace FaultTolerance.Collection;

public sealed class BoundedCopyTests
{
    [Theory]
    [InlineData(0, true)]
    [InlineData(99_999, true)]
    [InlineData(100_000, true)]
    [InlineData(100_001, false)]
    [InlineData(1_000_000, false)]
    public async Task CopyAsync_takes_as_much_as_may_be_and_tells_of_more(int length, bool whole)
    {
        using var from = new MemoryStream(new byte[length]);
        using var to = new MemoryStream();

        Assert.Equal(whole, await BoundedCopy.CopyAsync(from, to, 100_000, TestContext.Current.CancellationToken));

        Assert.Equal(Math.Min(length, 100_000), to.Length);
    }
}
