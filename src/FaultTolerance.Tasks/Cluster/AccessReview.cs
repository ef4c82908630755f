using System.Text.Json.Nodes;
using FaultTolerance.Cluster.Api;
using k8s;
using k8s.Models;

namespace FaultTolerance.Cluster;

/// <summary>What a server allows us, as it says itself.</summary>
internal static class AccessReview
{
    /// <summary>Asks the server for each permission, and names all that are missing in one error (FT0311).</summary>
    public static async Task RequireAsync(
        this ClusterSession session, IEnumerable<Permission> needed, CancellationToken cancellation)
    {
        var answers = await session.ReviewAsync(needed, cancellation);
        var missing = answers.Where(a => !a.Allowed).Select(a => a.Permission.ToString()).ToArray();
        if (missing.Length > 0)
        {
            throw new ClusterException(
                "FT0311",
                $"missing permissions in namespace '{session.Namespace}': {string.Join(", ", missing)}; deploy/rbac.yaml grants them"
            );
        }
    }

    /// <summary>Asks the server for each permission; an access review stores nothing.</summary>
    public static async Task<IReadOnlyList<PermissionAnswer>> ReviewAsync(
        this ClusterSession session, IEnumerable<Permission> needed, CancellationToken cancellation) =>
        await Task.WhenAll(needed.Distinct().Select(async p => new PermissionAnswer(p, await IsAllowedAsync(session, p, cancellation))));

    private static async Task<bool> IsAllowedAsync(ClusterSession session, Permission permission, CancellationToken cancellation)
    {
        var review = new V1SelfSubjectAccessReview
        {
            ApiVersion = "authorization.k8s.io/v1",
            Kind = "SelfSubjectAccessReview",
            Spec = new V1SelfSubjectAccessReviewSpec
            {
                ResourceAttributes = new V1ResourceAttributes
                {
                    NamespaceProperty = permission.IsOfCluster ? null : session.Namespace,
                    Verb = permission.Verb,
                    Group = permission.Group,
                    Resource = permission.Resource,
                    Subresource = permission.Subresource.Length == 0 ? null : permission.Subresource,
                },
            },
        };
        var call = new ApiCall("create", "selfsubjectaccessreviews.authorization.k8s.io", null);
        using var answer = await session.Api.SendAsync(
            call,
            HttpMethod.Post,
            "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
            JsonNode.Parse(KubernetesJson.Serialize(review)),
            cancellation,
            onlyAsks: true);
        return session.Expect(
            call, answer, root => root.GetProperty("status").TryGetProperty("allowed", out var allowed) && allowed.GetBoolean());
    }
}
