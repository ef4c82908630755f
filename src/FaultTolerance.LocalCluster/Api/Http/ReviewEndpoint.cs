using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Api.Access;
using FaultTolerance.LocalCluster.Api.Resources;
using FaultTolerance.LocalCluster.Storage;
using Microsoft.AspNetCore.Http;

namespace FaultTolerance.LocalCluster.Api.Http;

/// <summary>Answers questions about access: posted, answered, never stored.</summary>
/// <param name="authorizer">Knows the answers.</param>
internal sealed class ReviewEndpoint(RbacAuthorizer authorizer)
{
    /// <summary>Whether a path is a review's.</summary>
    public static bool Is(ResourcePath path) =>
        path.Version == "v1" && BuiltInResources.Reviews.Any(review => review.Group == path.Group && review.Plural == path.Plural);

    /// <summary>Serves a review; everybody may ask about himself, others are asked about by who may.</summary>
    public async Task ServeAsync(HttpContext context, ResourcePath path, User user)
    {
        if (!HttpMethods.IsPost(context.Request.Method) || path.Name is not null)
        {
            throw StoreErrors.MethodNotAllowed();
        }

        var review = await RequestBody.ReadObjectAsync(context.Request, context.RequestAborted);
        var kind = BuiltInResources.Reviews.First(entry => entry.Group == path.Group && entry.Plural == path.Plural).Kind;
        var status = path.Plural switch
        {
            "selfsubjectreviews" => new() { ["userInfo"] = UserInfo(user) },
            "selfsubjectrulesreviews" => Rules(user, review.Text("spec", "namespace") ?? ""),
            "selfsubjectaccessreviews" => Access(user, review),
            _ => AccessOfAnother(user, path, review),
        };
        review["kind"] = kind;
        review["apiVersion"] = $"{path.Group}/v1";
        review.Metadata();
        review["status"] = status;
        await context.Response.AnswerAsync(review, 201);
    }

    private static JsonObject UserInfo(User user) => new()
    {
        ["username"] = user.Name,
        ["groups"] = new JsonArray([.. user.Groups.Select(group => JsonValue.Create(group))]),
    };

    private JsonObject AccessOfAnother(User asker, ResourcePath path, JsonObject review)
    {
        authorizer.Demand(asker, new("create", path.Group, path.Plural, path.Namespace ?? "", ""));
        var groups = review.Items("spec", "groups")?.Select(group => group.Text() ?? "").ToArray() ?? [];
        return Access(new(review.Text("spec", "user") ?? "", groups), review);
    }

    private JsonObject Access(User user, JsonObject review)
    {
        bool allowed;
        if (review.Map("spec", "resourceAttributes") is { } asked)
        {
            var resource = asked.Text("resource") ?? "";
            var subresource = asked.Text("subresource") is { Length: > 0 } below ? "/" + below : "";
            allowed = authorizer.MayDo(
                user,
                new(
                    asked.Text("verb") ?? "",
                    asked.Text("group") ?? "",
                    resource + subresource,
                    asked.Text("namespace") ?? "",
                    asked.Text("name") ?? ""
                )
            );
        }
        else if (review.Map("spec", "nonResourceAttributes") is { } path)
        {
            allowed = user.IsMaster || (path.Text("verb") == "get" && ApiHandler.IsOpenToAll(path.Text("path") ?? ""));
        }
        else
        {
            throw StoreErrors.BadRequest("exactly one of resourceAttributes or nonResourceAttributes must be specified");
        }

        return allowed
            ? new() { ["allowed"] = true }
            : new() { ["allowed"] = false, ["reason"] = "no role that is bound to the user allows it" };
    }

    private JsonObject Rules(User user, string @namespace) => new()
    {
        ["resourceRules"] = new JsonArray([.. authorizer.RulesOf(user, @namespace).Select(rule => rule.DeepClone())]),
        ["nonResourceRules"] = new JsonArray(),
        ["incomplete"] = false,
    };
}
