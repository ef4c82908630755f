using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using FaultTolerance.Load.Support;

namespace FaultTolerance.Load.Http;

/// <summary>What speaks at a port is told before a load starts.</summary>
public sealed class FrontendCallTests
{
    private static readonly X509Certificate2 Certificate = SelfSigned();

    [Fact]
    public async Task AskAsync_tls_is_named_though_the_server_only_closes() =>
        Assert.Equal(ForeignProtocol.Tls, (await Assert.ThrowsAsync<HttpFormatException>(() => AskAsync(ServeTlsAsync))).Message);

    [Fact]
    public async Task AskAsync_http2_is_named() =>
        Assert.Equal(
            ForeignProtocol.Http2,
            (
                await Assert.ThrowsAsync<HttpFormatException>(() =>
                    AskAsync(async socket => await socket.SendAsync((byte[])[0, 0, 6, 4, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 100]))
                )
            ).Message
        );

    [Fact]
    public async Task AskAsync_http2_that_closes_on_http1_is_named()
    {
        async Task ServeAsync(Socket socket)
        {
            var first = new byte[16 * 1024];
            var read = await socket.ReceiveAsync(first);
            if (first.AsSpan(0, read).StartsWith("PRI * HTTP/2.0"u8))
            {
                await socket.SendAsync((byte[])[0, 0, 0, 4, 0, 0, 0, 0, 0]);
            }
        }

        Assert.Equal(ForeignProtocol.Http2, (await Assert.ThrowsAsync<HttpFormatException>(() => AskAsync(ServeAsync))).Message);
    }

    [Theory]
    [InlineData("{\"data\":[]}\n", "no HTTP/1.1 status line (HTTP/0.9")]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n", "SSH-2.0")]
    [InlineData("hi", "no HTTP/1.1 status line")]
    [InlineData("HTTP/1.1 200 OK\r\ncontent-encoding: br\r\ncontent-length: 1\r\n\r\nx", "'br', which was not asked for")]
    [InlineData("HTTP/1.1 200 OK\r\ncontent-length: 99999999\r\n\r\nx", "longer than")]
    public async Task AskAsync_what_is_no_plain_answer_is_named(string wire, string says) =>
        Assert.Contains(
            says,
            (
                await Assert.ThrowsAsync<HttpFormatException>(() =>
                    AskAsync(async socket =>
                    {
                        await socket.ReceiveAsync(new byte[16 * 1024]);
                        await socket.SendAsync(Encoding.ASCII.GetBytes(wire));
                    })
                )
            ).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public async Task AskAsync_answer_without_end_stops_at_its_limit()
    {
        async Task ServeAsync(Socket socket)
        {
            await socket.ReceiveAsync(new byte[16 * 1024]);
            await socket.SendAsync("HTTP/1.1 200 OK\r\n\r\n"u8.ToArray());
            var part = new byte[64 * 1024];
            try
            {
                for (var i = 0; i < 1000; i++)
                {
                    await socket.SendAsync(part);
                }
            }
            catch (SocketException)
            {
                // The client had enough.
            }
        }

        Assert.Contains(
            "longer than",
            (await Assert.ThrowsAsync<HttpFormatException>(() => AskAsync(ServeAsync))).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task AskAsync_plain_http_is_answered()
    {
        var (status, body) = await AskAsync(async socket =>
        {
            await socket.ReceiveAsync(new byte[16 * 1024]);
            await socket.SendAsync("HTTP/1.1 404 No\r\ncontent-length: 2\r\n\r\n{}"u8.ToArray());
        });

        Assert.Equal((404, "{}"), (status, Encoding.ASCII.GetString(body)));
    }

    private static async Task<(int Status, byte[] Body)> AskAsync(Func<Socket, Task> serve)
    {
        using var frontend = new LoopbackFrontend(serve);
        frontend.Listen();
        await using var transport = new LoopbackTransport(frontend.Port);
        return await FrontendCall.AskAsync(
            transport,
            transport.Ready[0],
            "/v1/models",
            null,
            1024 * 1024,
            TimeProvider.System,
            TestContext.Current.CancellationToken
        );
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
    }

    private static async Task ServeTlsAsync(Socket socket)
    {
        await using var stream = new SslStream(new NetworkStream(socket));
        try
        {
            await stream.AuthenticateAsServerAsync(Certificate);
        }
        catch (Exception e) when (e is IOException or System.Security.Authentication.AuthenticationException)
        {
            // What came was no handshake, or one that is too old.
        }
    }
}
