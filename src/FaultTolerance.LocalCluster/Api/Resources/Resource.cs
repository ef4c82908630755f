using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Storage;

namespace FaultTolerance.LocalCluster.Api.Resources;

/// <summary>One resource in one served version.</summary>
/// <param name="Type">Group and plural: where its objects are stored.</param>
/// <param name="Version">The version that this entry serves.</param>
/// <param name="Kind">Kind of one object.</param>
/// <param name="Singular">Singular name.</param>
/// <param name="Namespaced">Whether its objects live in namespaces.</param>
internal sealed record Resource(ResourceType Type, string Version, string Kind, string Singular, bool Namespaced)
{
    /// <summary>Short names for kubectl.</summary>
    public IReadOnlyList<string> ShortNames { get; init; } = [];

    /// <summary>Groups of resources that kubectl can ask for at once, <c>all</c>.</summary>
    public IReadOnlyList<string> Categories { get; init; } = [];

    /// <summary>Subresources that are served.</summary>
    public IReadOnlyList<string> Subresources { get; init; } = [];

    /// <summary>Kind of a list of its objects.</summary>
    public string ListKind { get; init; } = Kind + "List";

    /// <summary>For a custom resource, this version's entry of its definition.</summary>
    public JsonObject? Definition { get; init; }

    /// <summary>The version in which its objects are stored, where a webhook converts between the two; null where none has to.</summary>
    public Resource? StoredAs { get; init; }

    /// <summary><c>spec.conversion</c> of its definition.</summary>
    public JsonObject? Conversion { get; init; }

    /// <summary>Group and version as <c>apiVersion</c> has them.</summary>
    public string ApiVersion => Type.Group.Length == 0 ? Version : $"{Type.Group}/{Version}";

    /// <summary>Kind with its group, as messages have it.</summary>
    public string QualifiedKind => Type.Group.Length == 0 ? Kind : $"{Kind}.{Type.Group}";

    /// <summary>Whether status is written through its own subresource only.</summary>
    public bool HasStatus => Subresources.Contains("status", StringComparer.Ordinal);

    /// <summary>The address of an object of this resource.</summary>
    public ResourceId Id(string? @namespace, string name) => new(Type, Namespaced ? @namespace ?? "" : "", name);

    /// <summary>A stored object as this version answers it; the object itself is changed and returned.</summary>
    public JsonObject Present(JsonObject stored)
    {
        stored.Remove("kind");
        stored.Remove("apiVersion");
        stored.Insert(0, "kind", Kind);
        stored.Insert(1, "apiVersion", ApiVersion);
        return stored;
    }
}
