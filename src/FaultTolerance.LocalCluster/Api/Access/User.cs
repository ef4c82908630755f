namespace FaultTolerance.LocalCluster.Api.Access;

/// <summary>Who asks.</summary>
/// <param name="Name">User name, <c>system:serviceaccount:NS:NAME</c> for a service account.</param>
/// <param name="Groups">Groups; <c>system:masters</c> may do everything.</param>
internal sealed record User(string Name, IReadOnlyList<string> Groups)
{
    /// <summary>The owner of the kubeconfig.</summary>
    public static User Admin { get; } = new("kubernetes-admin", ["system:masters", "system:authenticated"]);

    /// <summary>Whether no rule is asked.</summary>
    public bool IsMaster => Groups.Contains("system:masters", StringComparer.Ordinal);

    /// <summary>A service account of a namespace.</summary>
    public static User ServiceAccount(string @namespace, string name) => new(
        $"system:serviceaccount:{@namespace}:{name}",
        ["system:serviceaccounts", $"system:serviceaccounts:{@namespace}", "system:authenticated"]);
}

/// <summary>What someone wants to do.</summary>
/// <param name="Verb">get, list, watch, create, update, patch, delete, deletecollection.</param>
/// <param name="Group">API group.</param>
/// <param name="Resource">Plural, with <c>/subresource</c> where one is meant.</param>
/// <param name="Namespace">Namespace, <c>""</c> for all or none.</param>
/// <param name="Name">One object's name, or <c>""</c>.</param>
internal sealed record AccessRequest(string Verb, string Group, string Resource, string Namespace, string Name);
