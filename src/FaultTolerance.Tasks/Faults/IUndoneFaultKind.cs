using System.Text.Json.Nodes;
using FaultTolerance.Cluster;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Faults;

/// <summary>
/// A kind whose faults last until they are undone. A kind that is none of these has nothing to undo: the platform replaces what it broke.
/// What undoing needs is written to the journal before the fault, so that any process with the same cluster can do it.
/// </summary>
internal interface IUndoneFaultKind : IFaultKind
{
    /// <summary>How long a fault lasts from its proof on.</summary>
    TimeSpan Lasts(Fault fault);

    /// <summary>All that undoing needs to know: names and uids of objects, and what they were like.</summary>
    JsonObject Undo(FaultContext context);

    /// <summary>Undoes a fault and proves it. It must do no harm where the fault has ended already, or was never carried out.</summary>
    /// <param name="session">The cluster.</param>
    /// <param name="undo">What <see cref="Undo"/> said.</param>
    /// <param name="cancellation">Its limit.</param>
    /// <returns>How the end was seen.</returns>
    /// <exception cref="FaultMatrixException">FT06xx: it is not undone, or that cannot be told.</exception>
    Task<string> HealAsync(ClusterSession session, JsonObject undo, CancellationToken cancellation);
}
