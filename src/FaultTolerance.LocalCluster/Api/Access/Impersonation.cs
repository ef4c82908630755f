using FaultTolerance.LocalCluster.Storage;
using Microsoft.AspNetCore.Http;

namespace FaultTolerance.LocalCluster.Api.Access;

/// <summary>
/// Lets a request stand for another user, as <c>kubectl --as</c> asks for with the headers Impersonate-User and Impersonate-Group.
/// </summary>
internal static class Impersonation
{
    private const string Prefix = "Impersonate-";
    private const string AccountPrefix = "system:serviceaccount:";
    private const string Authenticated = "system:authenticated";

    /// <summary>
    /// The user that a request stands for: the asker himself, or another one where a rule lets the asker impersonate (else 403).
    /// </summary>
    public static User Of(IHeaderDictionary headers, User asker, RbacAuthorizer authorizer)
    {
        if (headers.Keys.FirstOrDefault(key => key.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)
            && !key.Equals("Impersonate-User", StringComparison.OrdinalIgnoreCase)
            && !key.Equals("Impersonate-Group", StringComparison.OrdinalIgnoreCase)) is { } other)
        {
            throw StoreErrors.BadRequest($"{other} is not served by this cluster: it knows Impersonate-User and Impersonate-Group");
        }

        var name = headers["Impersonate-User"].ToString();
        string[] groups = [.. headers["Impersonate-Group"].OfType<string>()];
        if (name.Length == 0)
        {
            return groups.Length == 0 ? asker : throw StoreErrors.BadRequest("Impersonate-Group without Impersonate-User");
        }

        foreach (var group in groups)
        {
            authorizer.Demand(asker, new("impersonate", "", "groups", "", group));
        }

        if (
            name.StartsWith(AccountPrefix, StringComparison.Ordinal)
            && name[AccountPrefix.Length..].Split(':') is [var @namespace, var account]
        )
        {
            authorizer.Demand(asker, new("impersonate", "", "serviceaccounts", @namespace, account));
            return groups.Length == 0
                ? User.ServiceAccount(@namespace, account)
                : new(name, [.. groups.Append(Authenticated).Distinct(StringComparer.Ordinal)]);
        }

        authorizer.Demand(asker, new("impersonate", "", "users", "", name));
        return new(name, [.. groups.Append(Authenticated).Distinct(StringComparer.Ordinal)]);
    }
}
