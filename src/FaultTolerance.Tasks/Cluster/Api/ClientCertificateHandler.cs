using System.Net;

namespace FaultTolerance.Cluster.Api;

/// <summary>
/// Sends over connections that were made with a plugin's current client certificate. A certificate belongs to a connection and not to a
/// request, so another certificate means other connections: once the plugin has given another, or the server has refused this one, new
/// requests go over new connections, while those under way, watches among them, end on the old.
/// </summary>
/// <param name="plugin">Gives the certificates.</param>
/// <param name="connections">Makes the connections of a certificate; whoever made this handler disposes them.</param>
internal sealed class ClientCertificateHandler(ExecPlugin plugin, Func<ExecCredential, HttpMessageHandler> connections) : HttpMessageHandler
{
    private readonly Lock _gate = new();
    private Connections? _current;

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var used = await CurrentAsync(cancellationToken);
        var response = await used.Invoker.SendAsync(request, cancellationToken);
        if (response.StatusCode != HttpStatusCode.Unauthorized)
        {
            return response;
        }

        plugin.Reject(used.Credential);
        var next = await CurrentAsync(cancellationToken);
        if (next == used)
        {
            return response;
        }

        response.Dispose();
        return await next.Invoker.SendAsync(request, cancellationToken);
    }

    private async Task<Connections> CurrentAsync(CancellationToken cancellation)
    {
        var credential = await plugin.GetAsync(cancellation);
        lock (_gate)
        {
            // A plugin may say the same again; then its connections stay.
            return _current is { } current && current.Credential.SameCertificate(credential)
                ? _current = current with { Credential = credential }
                : _current = new Connections(credential, new HttpMessageInvoker(connections(credential), disposeHandler: false));
        }
    }

    private sealed record Connections(ExecCredential Credential, HttpMessageInvoker Invoker)
    {
        public bool Equals(Connections? other) => other is not null && ReferenceEquals(Invoker, other.Invoker);

        public override int GetHashCode() => Invoker.GetHashCode();
    }
}
