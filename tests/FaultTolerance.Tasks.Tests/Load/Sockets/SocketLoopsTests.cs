using System.Net;
using System.Net.Sockets;
using System.Text;
using FaultTolerance.Load.Support;

namespace FaultTolerance.Load.Sockets;

/// <summary>Direct connections over real sockets on loopback.</summary>
public sealed class SocketLoopsTests : IDisposable
{
    private readonly SocketLoops _sockets = new();
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public SocketLoopsTests()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    [Fact]
    public void Dispose_whileItsThreadBegins_isQuiet()
    {
        // The thread finds that it is to end before it waits, or after it, or at once: each has to leave what Dispose still needs.
        for (var i = 0; i < 3000; i++)
        {
            new SocketLoop().Dispose();
        }
    }

    [Fact]
    public async Task ReadAsync_of_bytes_that_come_later_has_them()
    {
        var (stream, peer) = await PairAsync();
        var buffer = new byte[16];
        var read = stream.ReadAsync(buffer, Cancellation);
        Assert.False(read.IsCompleted);

        await peer.SendAsync("abc"u8.ToArray(), Cancellation);

        Assert.Equal(3, await read);
        Assert.Equal("abc", Encoding.ASCII.GetString(buffer, 0, 3));
    }

    [Fact]
    public async Task ReadAsync_of_bytes_that_are_there_already_has_them_in_parts()
    {
        var (stream, peer) = await PairAsync();
        await peer.SendAsync("abcdef"u8.ToArray(), Cancellation);

        Assert.Equal("abcdef", Encoding.ASCII.GetString(await ReadExactlyAsync(stream, 6, 4)));
    }

    [Fact]
    public async Task ReadAsync_after_the_last_bytes_and_the_end_that_came_with_them_has_both()
    {
        // Over and over: the end comes with the last bytes, or just behind them.
        for (var i = 0; i < 200; i++)
        {
            var (stream, peer) = await PairAsync();
            await peer.SendAsync("abc"u8.ToArray(), Cancellation);
            peer.Shutdown(SocketShutdown.Both);

            Assert.Equal("abc", Encoding.ASCII.GetString(await ReadExactlyAsync(stream, 3, 16)));
            Assert.Equal(0, await stream.ReadAsync(new byte[16], Cancellation));
            Assert.Equal(0, await stream.ReadAsync(new byte[16], Cancellation));
            await stream.DisposeAsync();
            peer.Dispose();
        }
    }

    [Fact]
    public async Task ReadAsync_of_a_connection_that_is_reset_says_so()
    {
        var (stream, peer) = await PairAsync();
        var read = stream.ReadAsync(new byte[16], Cancellation);

        peer.LingerState = new LingerOption(enable: true, seconds: 0);
        peer.Dispose();

        var error = await Assert.ThrowsAsync<IOException>(async () => await read);
        Assert.Equal(SocketError.ConnectionReset, Assert.IsType<SocketException>(error.InnerException).SocketErrorCode);
    }

    [Fact]
    public async Task ReadAsync_that_is_cancelled_leaves_the_connection_fit_for_use()
    {
        var (stream, peer) = await PairAsync();
        using var stop = new CancellationTokenSource();
        var read = stream.ReadAsync(new byte[16], stop.Token);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await read);
        await peer.SendAsync("abc"u8.ToArray(), Cancellation);
        Assert.Equal("abc", Encoding.ASCII.GetString(await ReadExactlyAsync(stream, 3, 16)));
    }

    [Fact]
    public async Task Dispose_ends_a_read_and_tells_the_peer()
    {
        var (stream, peer) = await PairAsync();
        var read = stream.ReadAsync(new byte[16], Cancellation);

        await stream.DisposeAsync();

        await Assert.ThrowsAsync<IOException>(async () => await read);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => stream.ReadExactlyAsync(new byte[16], Cancellation).AsTask());
        Assert.Equal(0, await peer.ReceiveAsync(new byte[16], Cancellation));
    }

    [Fact]
    public async Task Dispose_of_the_loops_ends_what_is_open_and_refuses_more()
    {
        var (stream, _) = await PairAsync();
        var read = stream.ReadAsync(new byte[16], Cancellation);

        _sockets.Dispose();

        await Assert.ThrowsAsync<IOException>(async () => await read);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await _sockets.ConnectAsync("127.0.0.1", Port, Cancellation));
    }

    [Fact]
    public async Task WriteAsync_of_more_than_a_socket_holds_arrives_whole()
    {
        var (stream, peer) = await PairAsync();
        var sent = new byte[16 * 1024 * 1024];
        new Random(1).NextBytes(sent);
        var writing = stream.WriteAsync(sent, Cancellation);
        Assert.False(writing.IsCompleted, "the socket took it all at once: this proves nothing");

        var got = new byte[sent.Length];
        for (var at = 0; at < got.Length;)
        {
            at += await peer.ReceiveAsync(got.AsMemory(at), Cancellation);
        }

        await writing;
        Assert.Equal(sent, got);
    }

    [Fact]
    public async Task Connections_by_the_hundred_do_not_mix()
    {
        using var echo = new LoopbackFrontend(EchoAsync);
        echo.Listen();
        await Parallel.ForAsync(0, 400, new ParallelOptions { MaxDegreeOfParallelism = 100, CancellationToken = Cancellation }, async (seed, token) =>
        {
            var random = new Random(seed);
            await using var stream = await _sockets.ConnectAsync("127.0.0.1", echo.Port, token);
            ((LoopStream)stream).ContinuesOnLoop = seed % 2 == 0;
            for (var i = 0; i < 20; i++)
            {
                var bytes = new byte[random.Next(1, 5000)];
                random.NextBytes(bytes);
                await stream.WriteAsync(bytes, token);
                Assert.Equal(bytes, await ReadExactlyAsync(stream, bytes.Length, random.Next(1, 6000)));
            }
        });
    }

    [Fact]
    public async Task ConnectAsync_where_nobody_listens_is_refused()
    {
        _listener.Dispose();
        using var unused = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        unused.Bind(new IPEndPoint(IPAddress.Loopback, 0));

        var error = await Assert.ThrowsAsync<SocketException>(async () =>
            await _sockets.ConnectAsync("127.0.0.1", ((IPEndPoint)unused.LocalEndPoint!).Port, Cancellation)
        );

        Assert.Equal(SocketError.ConnectionRefused, error.SocketErrorCode);
    }

    [Fact]
    public async Task ConnectAsync_by_name_takes_the_address_that_answers()
    {
        await using var stream = await _sockets.ConnectAsync("localhost", Port, Cancellation);

        Assert.True(stream.CanRead);
    }

    [Fact]
    public async Task ConnectAsync_to_an_unknown_name_says_so()
    {
        var error = await Assert.ThrowsAsync<SocketException>(async () =>
            await _sockets.ConnectAsync("no-such-host.invalid", Port, Cancellation)
        );

        Assert.True(
            error.SocketErrorCode is SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData,
            error.SocketErrorCode.ToString()
        );
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ContinuesOnLoop_decides_which_thread_goes_on(bool onLoop)
    {
        var (stream, peer) = await PairAsync();
        ((LoopStream)stream).ContinuesOnLoop = onLoop;
        var continued = ThreadAfterAsync(stream);

        await peer.SendAsync("a"u8.ToArray(), Cancellation);

        Assert.Equal(onLoop, await continued == "load sockets");
    }

    public void Dispose()
    {
        _sockets.Dispose();
        _listener.Dispose();
    }

    private static async Task<string?> ThreadAfterAsync(Stream stream)
    {
        _ = await stream.ReadAsync(new byte[1], CancellationToken.None).ConfigureAwait(false);
        return Thread.CurrentThread.Name;
    }

    private static async Task EchoAsync(Socket socket)
    {
        var buffer = new byte[1500];
        while (await socket.ReceiveAsync(buffer) is > 0 and var read)
        {
            await socket.SendAsync(buffer.AsMemory(0, read));
        }
    }

    private static async Task<byte[]> ReadExactlyAsync(Stream stream, int count, int atOnce)
    {
        var bytes = new byte[count];
        for (var at = 0; at < count;)
        {
            var read = await stream
                .ReadAsync(bytes.AsMemory(at, Math.Min(atOnce, count - at)), CancellationToken.None)
                .ConfigureAwait(false);
            Assert.True(read > 0, $"the stream ended after {at} of {count} bytes");
            at += read;
        }

        return bytes;
    }

    private async Task<(Stream Stream, Socket Peer)> PairAsync()
    {
        var accepted = _listener.AcceptAsync(Cancellation);
        var stream = await _sockets.ConnectAsync("127.0.0.1", Port, Cancellation);
        return (stream, await accepted);
    }
}
