namespace FaultTolerance.LocalCluster.Storage;

/// <summary>The refusals that Kubernetes knows, in its words.</summary>
internal static class StoreErrors
{
    /// <summary>404: no such object.</summary>
    public static StoreException NotFound(ResourceId id) => new(404, "NotFound", $"{id.Type} \"{id.Name}\" not found");

    /// <summary>404: no such resource, version or path.</summary>
    public static StoreException UnknownResource() => new(404, "NotFound", "the server could not find the requested resource");

    /// <summary>409: there is one of that name.</summary>
    public static StoreException AlreadyExists(ResourceId id) => new(409, "AlreadyExists", $"{id.Type} \"{id.Name}\" already exists");

    /// <summary>409: the object is not the one, or not the version, that the caller meant.</summary>
    public static StoreException Conflict(
        ResourceId id,
        string why = "the object has been modified; please apply your changes to the latest version and try again"
    ) => new(409, "Conflict", $"Operation cannot be fulfilled on {id.Type} \"{id.Name}\": {why}");

    /// <summary>410: the history no longer reaches back to that version.</summary>
    public static StoreException Expired(long asked, long floor) => new(410, "Expired", $"too old resource version: {asked} ({floor})");

    /// <summary>504: a version that is yet to come.</summary>
    public static StoreException TooLarge(long asked, long present) =>
        new(504, "Timeout", $"Timeout: Too large resource version: {asked}, current: {present}");

    /// <summary>400.</summary>
    public static StoreException BadRequest(string message) => new(400, "BadRequest", message);

    /// <summary>403.</summary>
    public static StoreException Forbidden(string message) => new(403, "Forbidden", message);

    /// <summary>405.</summary>
    public static StoreException MethodNotAllowed() =>
        new(405, "MethodNotAllowed", "the server does not allow this method on the requested resource");

    /// <summary>406.</summary>
    public static StoreException NotAcceptable(string accepted) =>
        new(406, "NotAcceptable", $"only the following media types are accepted: {accepted}");

    /// <summary>415.</summary>
    public static StoreException UnsupportedMediaType(string message) => new(415, "UnsupportedMediaType", message);

    /// <summary>422: the object breaks a rule.</summary>
    /// <param name="kind">Kind, with group where it has one.</param>
    /// <param name="name">The object's name.</param>
    /// <param name="faults">Every fault, each as <c>field: kind of fault: detail</c>.</param>
    public static StoreException Invalid(string kind, string name, IReadOnlyList<string> faults)
    {
        var dot = kind.IndexOf('.', StringComparison.Ordinal);
        return new(
            422,
            "Invalid",
            $"{kind} \"{name}\" is invalid: " + (faults.Count == 1 ? faults[0] : "[" + string.Join(", ", faults) + "]")
        )
        {
            Details = new(dot < 0 ? "" : kind[(dot + 1)..], dot < 0 ? kind : kind[..dot], name, faults),
        };
    }
}
