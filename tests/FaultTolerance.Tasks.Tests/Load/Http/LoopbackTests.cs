using System.Net;
using System.Net.Sockets;
using System.Text;
using FaultTolerance.Load.Support;

namespace FaultTolerance.Load.Http;

/// <summary>The ways a real connection ends, over a real socket.</summary>
public sealed class LoopbackTests : IDisposable
{
    private readonly LoadFixture _fixture = new();
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public LoopbackTests() => _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));

    [Fact]
    public async Task Nobody_listens_is_refused() => Assert.Equal(Outcome.Refused, await OneAsync(serve: null));

    [Fact]
    public async Task Reset_after_the_request_is_before_headers() =>
        Assert.Equal(Outcome.ResetBeforeHeaders, await OneAsync(socket => ResetAsync(socket, "")));

    [Fact]
    public async Task Reset_inside_the_body_is_mid_stream() =>
        Assert.Equal(Outcome.ResetMidStream, await OneAsync(socket => ResetAsync(socket, "HTTP/1.1 200 OK\r\ncontent-length: 900\r\n\r\n{")));

    [Fact]
    public async Task Reset_inside_a_stream_is_mid_stream_and_leaves_no_result()
    {
        var outcome = await OneAsync(socket => ResetAsync(socket, Bodies.Stream(100)[..^200]), stream: true);

        Assert.Equal(Outcome.ResetMidStream, outcome);
        var attempt = _fixture.Lines(0)[0].GetProperty("results")[0];
        Assert.Equal(System.Text.Json.JsonValueKind.Null, attempt.GetProperty("result").ValueKind);
        Assert.True(attempt.GetProperty("tokens").GetInt32() > 0);
    }

    [Fact]
    public async Task Closed_in_order_after_the_answer_is_ok() => Assert.Equal(Outcome.Ok, await OneAsync(async socket =>
    {
        await ReadAsync(socket);
        await socket.SendAsync(Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n" + Bodies.Chat()));
        socket.Shutdown(SocketShutdown.Send);
    }));

    public void Dispose()
    {
        _listener.Dispose();
        _fixture.Dispose();
    }

    private static async Task<int> ReadAsync(Socket socket) => await socket.ReceiveAsync(new byte[4096]);

    private static async Task ResetAsync(Socket socket, string after)
    {
        await ReadAsync(socket);
        if (after.Length > 0)
        {
            await socket.SendAsync(Encoding.ASCII.GetBytes(after));
            // The reset overtakes what the other side has not read; it is given the time to.
            await Task.Delay(200);
        }

        socket.LingerState = new LingerOption(true, 0);
        socket.Close();
    }

    private async Task<Outcome> OneAsync(Func<Socket, Task>? serve, bool stream = false)
    {
        if (serve is not null)
        {
            _listener.Listen();
            _ = Task.Run(async () =>
            {
                using var socket = await _listener.AcceptAsync(TestContext.Current.CancellationToken);
                await serve(socket);
            }, TestContext.Current.CancellationToken);
        }

        await using var transport = new Tcp(((IPEndPoint)_listener.LocalEndPoint!).Port);
        var totals = await _fixture.RunAsync(LoadFixture.Fast with { Clients = 1, RequestsPerClient = 1, Stream = stream }, transport);
        return totals.Attempts.Single().Key;
    }

    private sealed class Tcp(int port) : IFrontendTransport
    {
        public IReadOnlyList<FrontendEndpoint> Ready { get; } = [new("a", "1", new Uri($"http://127.0.0.1:{port}"))];

        public async ValueTask<Stream> ConnectAsync(FrontendEndpoint endpoint, CancellationToken cancellation)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(IPAddress.Loopback, port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
