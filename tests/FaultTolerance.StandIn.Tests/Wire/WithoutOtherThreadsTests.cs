using FaultTolerance.StandIn.Wire;

namespace FaultTolerance.StandIn.Tests.Wire;

/// <summary>A step of a request wakes no other thread, which was more than a quarter of what a stand-in costs.</summary>
public sealed class WithoutOtherThreadsTests
{
    private static readonly GenerateCommand Command = new(0, GenerateMode.Full, 1, 1, Stream: false, Seed: 1, From: 0, Acknowledge: false);

    [Fact]
    public async Task WriteAsync_inPlace_isOverWhenItReturns()
    {
        using var stream = new PipeLike();
        using var writer = new LineWriter(stream, inPlace: true);

        var written = writer.WriteAsync("ready", CancellationToken.None).AsTask();

        Assert.True(written.IsCompleted);
        await written;
        Assert.Equal("ready\n"u8.ToArray(), stream.ToArray());
    }

    [Fact]
    public async Task OnLine_someoneWaits_goesOnBeforeItReturns()
    {
        using var client = new GenerationClient(new MemoryStream());
        await using var answers = client.GenerateAsync(Command, TestContext.Current.CancellationToken).GetAsyncEnumerator(
            TestContext.Current.CancellationToken);
        var seen = false;
        async Task WaitAsync() => seen = await answers.MoveNextAsync().ConfigureAwait(false);
        var waits = WaitAsync();
        Assert.False(waits.IsCompleted);

        // On a thread without a context of its own, as the reading one is.
        await Task.Run(
            () => Assert.True(client.OnLine(GenerateEvent.OfTokens(1, [5]).ToString()) && seen), TestContext.Current.CancellationToken);

        await waits;
    }

    [Fact]
    public void OnLine_request_beginsBeforeItReturns()
    {
        var began = false;
        using var server = new GenerationServer(new MemoryStream(), (_, _, _) =>
        {
            began = true;
            return Task.CompletedTask;
        });

        Assert.True(server.OnLine(Command.ToString()) && began);
    }

    /// <summary>As a pipe: what is asked for asynchronously would be done on another thread.</summary>
    private sealed class PipeLike : MemoryStream
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public override Task FlushAsync(CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
