using System.Net.Http.Headers;
using k8s.Authentication;

namespace FaultTolerance.Cluster.Api;

/// <summary>
/// A kubeconfig's <c>tokenFile</c>, which somebody else renews: read again every minute, as Kubernetes' own clients do, and when the server
/// has
/// refused what was in it.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="time">The minute.</param>
internal sealed class TokenFile(string path, TimeProvider time) : ITokenProvider, IRenewableToken
{
    private static readonly TimeSpan Age = TimeSpan.FromMinutes(1);
    private Reading? _last;

    /// <inheritdoc/>
    /// <exception cref="ClusterException">FT0310: it cannot be read.</exception>
    public async Task<AuthenticationHeaderValue> GetAuthenticationHeaderAsync(CancellationToken cancellationToken)
    {
        if (_last is not { } last || time.GetElapsedTime(last.At) > Age)
        {
            try
            {
                _last = last = new Reading((await File.ReadAllTextAsync(path, cancellationToken)).Trim(), time.GetTimestamp());
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new ClusterException("FT0310", $"token file '{path}' of the kubeconfig cannot be read: {e.Message}", e)
                {
                    File = path,
                };
            }
        }

        return last.Token.Any(char.IsControl)
            ? throw new ClusterException(
                "FT0310",
                $"token file '{path}' of the kubeconfig holds a line break or another control character within the token"
            )
            {
                File = path,
            }
            : new AuthenticationHeaderValue("Bearer", last.Token);
    }

    /// <inheritdoc/>
    public void Reject(string? token)
    {
        var last = _last;
        if (last?.Token == token)
        {
            Interlocked.CompareExchange(ref _last, null, last);
        }
    }

    private sealed record Reading(string Token, long At);
}
