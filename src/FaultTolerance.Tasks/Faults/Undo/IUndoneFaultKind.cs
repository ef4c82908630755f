using System.Text.Json.Nodes;
using FaultTolerance.Cluster;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Faults.Undo;

/// <summary>
/// A kind whose faults last until they are undone. A kind that is none of these has nothing to undo: the platform replaces what it broke.
/// What undoing needs is written to the journal and to the namespace before the fault, so that any process with the same cluster can do it.
/// </summary>
internal interface IUndoneFaultKind : IFaultKind
{
    /// <summary>How it is undone and that is proven, and what becomes of it where nobody does; sentences.</summary>
    string Undoing { get; }

    /// <summary>How long a fault lasts from its proof on.</summary>
    TimeSpan Lasts(Fault fault);

    /// <summary>All that undoing needs to know: names and uids of objects, and what they were like. Changes nothing.</summary>
    /// <exception cref="FaultMatrixException">FT06xx: the fault cannot be carried out, or could not be undone.</exception>
    Task<JsonObject> UndoAsync(FaultContext context, CancellationToken cancellation);

    /// <summary>Undoes a fault and proves it. It must do no harm where the fault has ended already, or was never carried out.</summary>
    /// <param name="session">The cluster.</param>
    /// <param name="undo">What <see cref="UndoAsync"/> said.</param>
    /// <param name="cancellation">Its limit.</param>
    /// <returns>How the end was seen.</returns>
    /// <exception cref="FaultMatrixException">FT06xx: it is not undone, or that cannot be told.</exception>
    Task<string> HealAsync(ClusterSession session, JsonObject undo, CancellationToken cancellation);
}
