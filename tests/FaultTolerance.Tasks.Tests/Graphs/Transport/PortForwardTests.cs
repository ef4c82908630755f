using System.Net.WebSockets;
using System.Text;
using FaultTolerance.Artefacts;
using FaultTolerance.Tests.Cluster;
using FaultTolerance.Load;

namespace FaultTolerance.Graphs.Transport;

public sealed class PortForwardTests
{
    private const string Protocol = "v4.channel.k8s.io";
    private static readonly byte[] Port = [0x40, 0x1f];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    [InlineData(200_000)]
    public async Task Data_goes_both_ways_unchanged(int size)
    {
        await using var api = await FakeApi.StartAsync();
        using var session = await api.ConnectAsync();
        api.Handle = http => FakeApi.SocketAsync(http, Protocol, socket => EchoAsync(socket, size));
        await using var stream = await PortForwardTransport.ConnectAsync(session, "pod", 8000, Cancellation);
        var sent = new byte[size];
        new Random(size).NextBytes(sent);
        await stream.WriteAsync(sent, Cancellation);
        var received = new byte[size];
        await stream.ReadExactlyAsync(received, Cancellation);
        Assert.Equal(sent, received);
        Assert.Equal(0, await stream.ReadAsync(new byte[1], Cancellation));
        Assert.Contains(api.Requests, r => r == "GET /api/v1/namespaces/ft/pods/pod/portforward?ports=8000");
    }

    [Fact]
    public async Task Port_in_pieces_is_no_data()
    {
        await using var api = await FakeApi.StartAsync();
        using var session = await api.ConnectAsync();
        api.Handle = http => FakeApi.SocketAsync(http, Protocol, async socket =>
        {
            await FakeApi.SendAsync(socket, 0, Port.AsSpan(0, 1));
            await FakeApi.SendAsync(socket, 0, [Port[1], .. "hello"u8]);
        });
        await using var stream = await PortForwardTransport.ConnectAsync(session, "pod", 8000, Cancellation);
        using var reader = new StreamReader(stream);
        Assert.Equal("hello", await reader.ReadToEndAsync(Cancellation));
    }

    [Fact]
    public async Task Error_channel_is_the_product_refusing()
    {
        await using var api = await FakeApi.StartAsync();
        using var session = await api.ConnectAsync();
        api.Handle = http => FakeApi.SocketAsync(http, Protocol, async socket =>
        {
            await FakeApi.SendAsync(socket, 0, Port);
            await FakeApi.SendAsync(socket, 1, Port);
            await FakeApi.SendAsync(socket, 1, Encoding.UTF8.GetBytes("dial tcp4 127.0.0.1:8000: connect: connection refused"));
        });
        await using var stream = await PortForwardTransport.ConnectAsync(session, "pod", 8000, Cancellation);
        var e = await Assert.ThrowsAsync<TransportException>(() => stream.ReadAsync(new byte[10], Cancellation).AsTask());
        Assert.Equal(Outcome.Refused, e.Outcome);
        Assert.Contains("connection refused", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Close_without_error_is_the_end_of_the_connection()
    {
        await using var api = await FakeApi.StartAsync();
        using var session = await api.ConnectAsync();
        api.Handle = http => FakeApi.SocketAsync(http, Protocol, async socket =>
        {
            await FakeApi.SendAsync(socket, 0, Port);
            await FakeApi.SendAsync(socket, 1, Port);
        });
        await using var stream = await PortForwardTransport.ConnectAsync(session, "pod", 8000, Cancellation);
        Assert.Equal(0, await stream.ReadAsync(new byte[10], Cancellation));
    }

    [Fact]
    public async Task Connection_that_breaks_without_a_close_is_our_transport()
    {
        await using var api = await FakeApi.StartAsync();
        using var session = await api.ConnectAsync();
        var connected = new TaskCompletionSource();
        api.Handle = http => FakeApi.SocketAsync(http, Protocol, async socket =>
        {
            await FakeApi.SendAsync(socket, 0, Port);
            await connected.Task;
            http.Abort();
        });
        await using var stream = await PortForwardTransport.ConnectAsync(session, "pod", 8000, Cancellation);
        connected.SetResult();
        var e = await Assert.ThrowsAsync<TransportException>(() => stream.ReadAsync(new byte[10], Cancellation).AsTask());
        Assert.Equal(Outcome.Transport, e.Outcome);
    }

    [Theory]
    [InlineData(404, "pods \\\"pod\\\" not found", Outcome.Refused)]
    [InlineData(400, "unable to forward port because pod is not running. Current status=Pending", Outcome.Refused)]
    [InlineData(500, "etcd is not well", Outcome.Transport)]
    [InlineData(403, "x cannot create pods/portforward", Outcome.Transport)]
    internal async Task Refused_handshake_tells_the_product_from_the_api(int status, string message, Outcome outcome)
    {
        await using var api = await FakeApi.StartAsync();
        using var session = await api.ConnectAsync();
        api.Handle = http => FakeApi.StatusAsync(http, status, "x", message);
        var e = await Assert.ThrowsAsync<TransportException>(() =>
            PortForwardTransport.ConnectAsync(session, "pod", 8000, Cancellation).AsTask()
        );
        Assert.Equal(outcome, e.Outcome);
    }

    [Fact]
    public async Task Dispose_ends_a_read_under_way()
    {
        await using var api = await FakeApi.StartAsync();
        using var session = await api.ConnectAsync();
        api.Handle = http => FakeApi.SocketAsync(http, Protocol, async socket =>
        {
            try
            {
                await socket.ReceiveAsync(new byte[1], http.RequestAborted);
            }
            catch (WebSocketException)
            {
                // The client went away, as it should.
            }
        });
        var stream = await PortForwardTransport.ConnectAsync(session, "pod", 8000, Cancellation);
        var read = stream.ReadAsync(new byte[10], Cancellation).AsTask();
        await stream.DisposeAsync();
        await Assert.ThrowsAnyAsync<IOException>(() => read);
    }

    private static async Task EchoAsync(WebSocket socket, int size)
    {
        await FakeApi.SendAsync(socket, 0, Port);
        await FakeApi.SendAsync(socket, 1, Port);
        var buffer = new byte[64 * 1024];
        for (var echoed = 0; echoed < size;)
        {
            var received = await socket.ReceiveAsync(buffer, Cancellation);
            Assert.True(received.EndOfMessage);
            Assert.Equal(0, buffer[0]);
            await FakeApi.SendAsync(socket, 0, buffer.AsSpan(1, received.Count - 1));
            echoed += received.Count - 1;
        }
    }
}
