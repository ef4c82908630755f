using FaultTolerance.Cluster;

namespace FaultTolerance.Faults.Undo;

/// <summary>Undoes the faults that a command which is no more has left in the namespace.</summary>
/// <param name="session">Where.</param>
/// <param name="kinds">The kinds that are known.</param>
/// <param name="tell">Told of each fault in a line.</param>
internal sealed class LeftFaults(ClusterSession session, FaultKinds kinds, Action<string> tell)
{
    private readonly UndoBoard _board = new(session);

    /// <summary>
    /// Undoes them, the newest first, each with its proof; a note is taken down after that. One that cannot be undone does not stop the
    /// others.
    /// </summary>
    /// <param name="overdueOnly">Only those whose deadline is over: a run that is under way undoes its own.</param>
    /// <param name="limit">How long undoing one may take.</param>
    /// <param name="cancellation">Stops; what is not undone yet keeps its note.</param>
    /// <returns>How many were undone.</returns>
    /// <exception cref="FaultMatrixException">FT0615: one or more are not undone, with the reasons.</exception>
    public async Task<int> HealAsync(bool overdueOnly, TimeSpan limit, CancellationToken cancellation)
    {
        var failed = new List<string>();
        var undone = 0;
        foreach (var note in await _board.ReadAsync(cancellation))
        {
            if (overdueOnly && note.Deadline is { } deadline && deadline > session.Time.GetUtcNow())
            {
                tell($"Fault {note.Kind} on {note.Target} lasts until {deadline:u}; the run that made it undoes it.");
                continue;
            }

            if (await HealAsync(note, limit, cancellation) is { } why)
            {
                failed.Add($"{note.Kind} on {note.Target} ({note.Name}): {why}");
                continue;
            }

            undone++;
        }

        return failed.Count == 0 ? undone : throw new FaultMatrixException(
            "FT0615", $"not undone in namespace '{session.Namespace}': {string.Join("; ", failed)}");
    }

    // Why it is not undone; null when it is.
    private async Task<string?> HealAsync(UndoNote note, TimeSpan limit, CancellationToken cancellation)
    {
        if (kinds.All.FirstOrDefault(kind => kind.Kind == note.Kind) is not IUndoneFaultKind kind)
        {
            return "this version does not know the kind; use the version that made it";
        }

        using var time = new CancellationTokenSource(limit, session.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, time.Token);
        try
        {
            var proof = await kind.HealAsync(session, note.Undo.DeepClone().AsObject(), both.Token);
            await _board.TakeDownAsync(note, both.Token);
            tell($"Fault {note.Kind} on {note.Target} was left by an earlier command; undone: {proof}");
            return null;
        }
        catch (FaultMatrixException e)
        {
            return $"{e.Code}: {e.Message}";
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return $"no proof within {limit.TotalSeconds:0.#} s";
        }
    }
}
