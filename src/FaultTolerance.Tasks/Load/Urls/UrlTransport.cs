using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using FaultTolerance.Artefacts;
using FaultTolerance.Load.Http;
using FaultTolerance.Load.Sockets;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Load.Urls;

/// <summary>
/// The way to a service by its address: over the load's own sockets, TLS and HTTP/2 by .NET. It is the one frontend there is, and always
/// taken for ready: whether it answers is what the load finds out.
/// </summary>
internal sealed class UrlTransport : IFrontendTransport
{
    private readonly SocketLoops _sockets = new();
    private readonly X509Certificate2Collection? _authorities;
    private readonly UrlTarget _target;
    private readonly bool _tls;

    /// <summary>A way to a service.</summary>
    /// <param name="target">The service.</param>
    /// <param name="headers">What goes with every request.</param>
    /// <exception cref="FaultMatrixException">FT0519: the file of authorities cannot be used.</exception>
    public UrlTransport(UrlTarget target, RequestHeaders headers)
    {
        ArgumentNullException.ThrowIfNull(target);
        (_target, _authorities) = (target, TlsTrust.Authorities(target));
        var address = new Uri(target.Url);
        _tls = address.Scheme == Uri.UriSchemeHttps;
        Ready = [new FrontendEndpoint(address.Authority, "", address) { Headers = headers }];
    }

    /// <inheritdoc/>
    public IReadOnlyList<FrontendEndpoint> Ready { get; }

    /// <summary>What goes with every request.</summary>
    public RequestHeaders Headers => Ready[0].Headers;

    /// <inheritdoc/>
    public async ValueTask<Stream> ConnectAsync(FrontendEndpoint endpoint, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        var (host, port) = (endpoint.BaseAddress.DnsSafeHost, endpoint.BaseAddress.Port);
        Stream stream;
        try
        {
            stream = await _sockets.ConnectAsync(host, port, cancellation).ConfigureAwait(false);
        }
        catch (SocketException e)
        {
            throw new TransportException(Unreached(e.SocketErrorCode), $"{endpoint.BaseAddress.Authority}: {e.Message}", e);
        }

        var socket = stream as LoopStream;
        var watched = _target.Http2 ? new WatchedStream(stream) : null;
        stream = watched ?? stream;
        stream = _tls ? await SecureAsync(stream, endpoint, cancellation).ConfigureAwait(false) : stream;
        // From here on nothing blocks what reads: who the server is may have been asked of others, and has been settled.
        socket?.ContinuesOnLoop = true;
        return watched is null ? stream : new Http2Stream(stream, watched, endpoint.BaseAddress);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _sockets.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<Stream> SecureAsync(Stream stream, FrontendEndpoint endpoint, CancellationToken cancellation)
    {
        var secure = new SslStream(stream);
        try
        {
            await secure.AuthenticateAsClientAsync(TlsTrust.Options(_target, _authorities), cancellation).ConfigureAwait(false);
            return !_target.Http2 || secure.NegotiatedApplicationProtocol == SslApplicationProtocol.Http2
                ? secure
                : throw new HttpFormatException("the server does not speak HTTP/2");
        }
        catch (Exception e)
        {
            await secure.DisposeAsync().ConfigureAwait(false);
            throw e switch
            {
                AuthenticationException => new TransportException(
                    Outcome.Refused, $"{endpoint.BaseAddress.Authority}: TLS: {(e.InnerException ?? e).Message}", e),
                // A process that ends closes what it has just accepted.
                IOException => new TransportException(
                    Outcome.ResetBeforeHeaders,
                    $"{endpoint.BaseAddress.Authority}: the connection broke in the TLS handshake: {e.Message}",
                    e),
                _ => e,
            };
        }
    }

    // A machine that is gone is a service that is gone: there is nothing of ours on the way to it.
    private static Outcome Unreached(SocketError error) => error switch
    {
        SocketError.TimedOut => Outcome.ConnectTimeout,
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain or SocketError.NoRecovery => Outcome.Dns,
        SocketError.ConnectionRefused or SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.HostUnreachable
            or SocketError.NetworkUnreachable or SocketError.HostDown => Outcome.Refused,
        _ => Outcome.Transport,
    };
}
