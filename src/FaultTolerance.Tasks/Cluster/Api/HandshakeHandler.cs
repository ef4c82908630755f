using System.Net;

namespace FaultTolerance.Cluster.Api;

/// <summary>Keeps what a server said that refused a WebSocket handshake: ClientWebSocket drops that text.</summary>
internal sealed class HandshakeHandler : DelegatingHandler
{
    /// <summary>Where the refusal of the handshake that this flow of control makes is put.</summary>
    public static AsyncLocal<RefusedHandshake?> Current { get; } = new();

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        if (response.StatusCode != HttpStatusCode.SwitchingProtocols && Current.Value is { } refused)
        {
            refused.Body = await ErrorText.ReadAsync(response, TimeProvider.System, cancellationToken);
            refused.Status = response.StatusCode;
        }

        return response;
    }
}

/// <summary>A refused handshake.</summary>
internal sealed class RefusedHandshake
{
    /// <summary>Status; null when no answer came.</summary>
    public HttpStatusCode? Status { get; set; }

    /// <summary>The answer's text.</summary>
    public string Body { get; set; } = "";
}
