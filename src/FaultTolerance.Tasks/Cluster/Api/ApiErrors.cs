using System.Net;
using System.Security.Authentication;
using System.Text.Json;
using Polly.Timeout;

namespace FaultTolerance.Cluster.Api;

/// <summary>Turns what the API or the network said into one line with a code.</summary>
internal static class ApiErrors
{
    private const int LongestMessage = 500;

    /// <summary>An answer that is no success.</summary>
    public static ClusterException From(ApiCall call, HttpStatusCode status, string body)
    {
        var (reason, message) = ReadStatus(body);
        var code = status switch
        {
            HttpStatusCode.Unauthorized => "FT0306",
            HttpStatusCode.Forbidden when IsAuthorization(message) => "FT0307",
            _ => "FT0309",
        };
        var text = code switch
        {
            "FT0306" => $"the cluster does not accept these credentials ({call}): {message}; renew them or choose another --context",
            "FT0307" => $"not allowed to {call}: {message}; deploy/rbac.yaml lists what is needed",
            _ => $"cannot {call}: {(int)status} {message}",
        };
        return new ClusterException(code, text) { Status = status, Reason = reason, ServerMessage = message };
    }

    /// <summary>No answer at all.</summary>
    public static ClusterException From(ApiCall call, Uri server, Exception cause) =>
        cause switch
        {
            TimeoutRejectedException => new("FT0313", $"cannot {call}: {server} did not answer in time", cause),
            HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError }
            or { InnerException: AuthenticationException } => new(
                "FT0305",
                $"no trusted connection to {server}: {Innermost(cause)}; check the kubeconfig's certificate-authority and client certificate",
                cause
            ),
            _ => new("FT0304", $"cannot reach the cluster at {server} to {call}: {Innermost(cause)}", cause),
        };

    /// <summary>Whether the exception means that no (whole) answer came.</summary>
    public static bool IsBroken(Exception e) => e is HttpRequestException or IOException or TimeoutRejectedException;

    private static (string? Reason, string Message) ReadStatus(string body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            if (json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("message", out var message))
            {
                var reason =
                    json.RootElement.TryGetProperty("reason", out var r) && r.ValueKind == JsonValueKind.String ? r.GetString() : null;
                return (
                    reason,
                    ForeignText.Line(message.ValueKind == JsonValueKind.String ? message.GetString() : message.GetRawText(), LongestMessage)
                );
            }
        }
        catch (JsonException)
        {
            // Proxies and webhooks answer with text.
        }

        return (null, ForeignText.Line(body, LongestMessage));
    }

    // Quota and admission webhooks refuse with 403 too; only the authorizer's refusal is about permissions.
    private static bool IsAuthorization(string message) => message.Contains(" cannot ", StringComparison.Ordinal) || message.Length == 0;

    private static string Innermost(Exception e) => ForeignText.Line(e.GetBaseException().Message, LongestMessage);
}

/// <summary>A call, in the words of its error message: verb, resource and namespace.</summary>
/// <param name="Verb">Kubernetes' verb.</param>
/// <param name="Resource">Resource, with its name where there is one.</param>
/// <param name="Namespace">Namespace; null outside any.</param>
internal readonly record struct ApiCall(string Verb, string Resource, string? Namespace)
{
    /// <inheritdoc/>
    public override string ToString() => Namespace is null ? $"{Verb} {Resource}" : $"{Verb} {Resource} in namespace '{Namespace}'";
}
