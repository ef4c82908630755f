using System.Net;
using System.Text.Json.Nodes;
using FaultTolerance.Cluster;
using FaultTolerance.Cluster.Observation;

namespace FaultTolerance.Faults.Undo;

/// <summary>The notes of faults that last, in the namespace itself: they outlive the run's folder and its machine.</summary>
/// <param name="session">Where.</param>
internal sealed class UndoBoard(ClusterSession session)
{
    /// <summary>What it needs, beyond the rights of every run.</summary>
    public static IReadOnlyList<Permission> Rights { get; } =
        [new("create", "", "configmaps"), new("list", "", "configmaps"), new("delete", "", "configmaps")];

    /// <summary>Hangs a note up.</summary>
    /// <exception cref="FaultMatrixException">FT0614: it cannot be; the fault must not be carried out then.</exception>
    public async Task PostAsync(UndoNote note, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(note);
        try
        {
            await session.CreateAsync(ResourceType.ConfigMaps, note.ToConfigMap(), cancellation);
        }
        catch (ClusterException e)
        {
            throw new FaultMatrixException(
                "FT0614",
                $"what undoes the fault cannot be noted in namespace '{session.Namespace}': {e.Message.TrimEnd('.')}; "
                + "a fault that has to be undone is not carried out without it",
                e);
        }
    }

    /// <summary>Takes a note down; one that is not there is no error.</summary>
    public Task TakeDownAsync(UndoNote note, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(note);
        return session.DeleteAsync(ResourceType.ConfigMaps, note.Name, default, cancellation);
    }

    /// <summary>
    /// All notes that hang there, the newest first: what was done last is undone first. Empty where we may not look, since then we cannot
    /// have hung one up either.
    /// </summary>
    public async Task<IReadOnlyList<UndoNote>> ReadAsync(CancellationToken cancellation)
    {
        try
        {
            var selector = new Selector($"{UndoNote.Label}={UndoNote.Open}");
            var maps = await session.ListAsync<JsonObject>(ResourceType.ConfigMaps, selector, cancellation);
            return [.. maps.Select(UndoNote.Of).OfType<UndoNote>().OrderByDescending(note => note.Name, StringComparer.Ordinal)];
        }
        catch (ClusterException e) when (e.Status == HttpStatusCode.Forbidden)
        {
            return [];
        }
    }
}
