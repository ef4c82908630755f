using System.Net.Sockets;
using System.Text;
using FaultTolerance.Artefacts;
using FaultTolerance.Load.Support;

namespace FaultTolerance.Load.Http;

/// <summary>How a real connection ends in the middle of things. <see cref="EveryOutcomeTests"/> has each outcome once.</summary>
public sealed class LoopbackTests : IDisposable
{
    private readonly LoadFixture _fixture = new();

    [Fact]
    public async Task Reset_after_the_request_is_before_headers() =>
        Assert.Equal(Outcome.ResetBeforeHeaders, await OneAsync(socket => ResetAsync(socket, "")));

    [Fact]
    public async Task Reset_inside_the_body_is_mid_stream() =>
        Assert.Equal(
            Outcome.ResetMidStream,
            await OneAsync(socket => ResetAsync(socket, "HTTP/1.1 200 OK\r\ncontent-length: 900\r\n\r\n{"))
        );

    [Fact]
    public async Task Reset_inside_a_stream_is_mid_stream_and_leaves_no_result()
    {
        var outcome = await OneAsync(socket => ResetAsync(socket, Bodies.Stream(100)[..^200]), stream: true);

        Assert.Equal(Outcome.ResetMidStream, outcome);
        var attempt = _fixture.Lines(0)[0].GetProperty("results")[0];
        Assert.Equal(System.Text.Json.JsonValueKind.Null, attempt.GetProperty("result").ValueKind);
        Assert.True(attempt.GetProperty("events").GetInt32() > 0);
    }

    [Fact]
    public async Task Closed_in_order_after_the_answer_is_ok() => Assert.Equal(Outcome.Ok, await OneAsync(async socket =>
    {
        await ReadAsync(socket);
        await socket.SendAsync(Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n" + Bodies.Chat()));
        socket.Shutdown(SocketShutdown.Send);
    }));

    public void Dispose() => _fixture.Dispose();

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

    private async Task<Outcome> OneAsync(Func<Socket, Task> serve, bool stream = false)
    {
        using var frontend = new LoopbackFrontend(serve);
        frontend.Listen();
        await using var transport = new LoopbackTransport(frontend.Port);
        var totals = await _fixture.RunAsync(
            LoadFixture.Fast with
            {
                Clients = 1,
                RequestsPerClient = 1,
                Stream = stream,
            },
            transport,
            new() { Preconnect = false }
        );
        return totals.Attempts.Single().Key;
    }
}
