using System.Net;
using k8s.Authentication;

namespace FaultTolerance.Cluster.Api;

/// <summary>
/// Adds credentials to every request, also to one that is repeated, and asks once more with new ones where the server refused them and
/// their source can give others: tokens expire and are revoked during a run of hours.
/// </summary>
/// <param name="credentials">The credentials; null for none.</param>
/// <param name="renewable">Their source, where it can renew them.</param>
/// <param name="host">Host name to ask for, where it is not the address's.</param>
internal sealed class AuthorizingHandler(ServiceClientCredentials? credentials, IRenewableToken? renewable, string? host)
    : DelegatingHandler
{
    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        await AuthorizeAsync(request, cancellationToken);
        var response = await base.SendAsync(request, cancellationToken);
        if (response.StatusCode != HttpStatusCode.Unauthorized || renewable is null)
        {
            return response;
        }

        var refused = request.Headers.Authorization?.Parameter;
        renewable.Reject(refused);
        await AuthorizeAsync(request, cancellationToken);
        if (request.Headers.Authorization?.Parameter == refused)
        {
            return response;
        }

        response.Dispose();
        return await base.SendAsync(request, cancellationToken);
    }

    private async Task AuthorizeAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        if (host is not null)
        {
            request.Headers.Host = host;
        }

        if (credentials is not null)
        {
            await credentials.ProcessHttpRequestAsync(request, cancellation);
        }
    }
}
