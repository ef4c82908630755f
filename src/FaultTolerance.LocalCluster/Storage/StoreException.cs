namespace FaultTolerance.LocalCluster.Storage;

/// <summary>A refusal with the status code and reason that Kubernetes uses for it.</summary>
/// <param name="status">HTTP status code.</param>
/// <param name="reason">Machine-readable reason, <c>NotFound</c>, <c>AlreadyExists</c>, <c>Conflict</c>, <c>Expired</c> ...</param>
/// <param name="message">The sentence a user reads.</param>
internal sealed class StoreException(int status, string reason, string message) : Exception(message)
{
    /// <summary>HTTP status code.</summary>
    public int Status { get; } = status;

    /// <summary>Kubernetes' reason word.</summary>
    public string Reason { get; } = reason;

    /// <summary>What the refusal is about, where that is not the object of the request's path; kubectl prints it.</summary>
    public RefusalDetails? Details { get; init; }
}

/// <summary>The object that was refused and every fault of it.</summary>
/// <param name="Group">API group.</param>
/// <param name="Kind">Kind.</param>
/// <param name="Name">Name, or "".</param>
/// <param name="Faults">Each as <c>field: kind of fault: detail</c>.</param>
internal sealed record RefusalDetails(string Group, string Kind, string Name, IReadOnlyList<string> Faults)
{
    /// <summary>Fields that belong to other managers, each with who that is.</summary>
    public IReadOnlyList<(string Field, string Manager)> Conflicts { get; init; } = [];
}
