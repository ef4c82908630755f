using System.Net.Sockets;
using System.Text;
using FaultTolerance.Load.Support;

namespace FaultTolerance.Deployments;

/// <summary>Odd answers are told by name and asked for again.</summary>
public sealed class FrontendProbeTests
{
    [Theory]
    [InlineData("{\"data\":[]}", "/v1/models lists no model")]
    [InlineData("{\"data\":[{\"id\":7},{\"id\":null},3,{}]}", "/v1/models lists no model")]
    [InlineData("{\"data\":{\"id\":\"m\"}}", "without a list 'data'")]
    [InlineData("[1]", "without a list 'data'")]
    [InlineData("null", "/v1/models answers null")]
    [InlineData("<html>", "/v1/models answers what is no JSON")]
    [InlineData("", "/v1/models answers what is no JSON")]
    [InlineData("{\"data\":[{\"id\":\"other\"}]}", "/v1/models lists other, not 'm'")]
    public async Task UntilAnsweredAsync_odd_listing_is_named(string body, string says) =>
        Assert.Contains(
            says,
            await FirstAsync($"HTTP/1.1 200 OK\r\ncontent-length: {body.Length}\r\n\r\n{body}"),
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("HTTP/1.1 503 Busy\r\ncontent-length: 0\r\n\r\n", "/v1/models answers 503")]
    [InlineData("\u0015\u0003\u0003\u0000\u0002\u0002\u0028", "TLS")]
    [InlineData("{\"data\":[]}", "HTTP/0.9")]
    public async Task UntilAnsweredAsync_what_is_no_answer_is_named(string wire, string says) =>
        Assert.Contains(says, await FirstAsync(wire), StringComparison.Ordinal);

    [Fact]
    public async Task UntilAnsweredAsync_listing_without_end_is_refused()
    {
        Assert.Contains(
            "longer than",
            await FirstAsync("HTTP/1.1 200 OK\r\n\r\n" + new string(' ', 8 * 1024 * 1024)),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task UntilAnsweredAsync_model_that_answers_is_returned_after_an_odd_answer()
    {
        var asked = 0;
        using var frontend = new LoopbackFrontend(async socket =>
        {
            var request = new byte[16 * 1024];
            var read = await socket.ReceiveAsync(request);
            var body =
                Interlocked.Increment(ref asked) == 1 ? "["
                : request.AsSpan(0, read).StartsWith("GET"u8) ? "{\"data\":[{\"id\":\"m\"}]}"
                : "{}";
            await socket.SendAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\ncontent-length: {body.Length}\r\n\r\n{body}"));
        });
        frontend.Listen();
        await using var transport = new LoopbackTransport(frontend.Port);

        Assert.Equal(
            "m",
            await FrontendProbe.UntilAnsweredAsync(transport, null, TimeProvider.System, _ => { }, TestContext.Current.CancellationToken)
        );
    }

    private static async Task<string> FirstAsync(string wire)
    {
        using var frontend = new LoopbackFrontend(async socket =>
        {
            try
            {
                await socket.ReceiveAsync(new byte[16 * 1024]);
                await socket.SendAsync(Encoding.Latin1.GetBytes(wire));
            }
            catch (SocketException)
            {
                // The probe had enough.
            }
        });
        frontend.Listen();
        await using var transport = new LoopbackTransport(frontend.Port);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        string? first = null;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => FrontendProbe.UntilAnsweredAsync(
            transport, "m", TimeProvider.System,
            text =>
            {
                first ??= text;
                enough.Cancel();
            },
            enough.Token));
        return first!;
    }
}
