using FaultTolerance.LocalCluster.Storage;
using Microsoft.AspNetCore.Http;

namespace FaultTolerance.LocalCluster.Api.Http;

/// <summary>Who owns the fields that a request writes.</summary>
internal static class FieldManagerName
{
    private const int Longest = 128;

    /// <summary>
    /// The query's <c>fieldManager</c>, else the first word of the client's name, as in Kubernetes; 422 for one that is too long.
    /// </summary>
    public static string Of(HttpRequest request)
    {
        if (request.Query.Text("fieldManager") is { } name)
        {
            return name.Length <= Longest && !name.Any(char.IsControl)
                ? name
                : throw StoreErrors.Invalid("PatchOptions.meta.k8s.io", "",
                    [$"fieldManager: Invalid value: must be printable and at most {Longest} characters"]);
        }

        var agent = request.Headers.UserAgent.ToString().Split('/', ' ')[0];
        return agent.Length is > 0 and <= Longest ? agent : "unknown";
    }
}
