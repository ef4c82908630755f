using FaultTolerance.Artefacts.Events;

namespace FaultTolerance.Faults.Undo;

/// <summary>Keeps a fault's undo in the journal while it lasts, and undoes it at its end, or at once when the run stops.</summary>
/// <param name="journal">The journal; null where no folder is given, and then nothing that has to be undone is carried out.</param>
internal sealed class FaultHealing(FaultJournal? journal)
{
    // For the way from the order to the proof, and for undoing it a little late.
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(30);

    /// <summary>Carries a fault out, waits as long as it lasts, and undoes it, whatever became of it.</summary>
    /// <returns>The proof that it was carried out.</returns>
    /// <exception cref="FaultMatrixException">There is no proof of it, or it is not undone.</exception>
    public async Task<FaultProof> RunAsync(IUndoneFaultKind kind, FaultContext context, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(kind);
        ArgumentNullException.ThrowIfNull(context);
        if (journal is null)
        {
            throw new FaultMatrixException(
                "FT0614", "there is no folder for the journal of faults; a fault that has to be undone is not carried out without it");
        }

        var lasts = kind.Lasts(context.Fault);
        context = context with { Deadline = context.Timeline.Clock.Now + lasts + Slack };
        var undo = await kind.UndoAsync(context, cancellation);
        var note = UndoNote.Of(context, undo);
        journal.Open(context, undo);
        await PostAsync(context, note, journal, cancellation);
        FaultProof proof;
        try
        {
            proof = await kind.InjectAsync(context, cancellation);
            await LastAsync(context, lasts, cancellation);
        }
        catch
        {
            await HealAsync(kind, context, note, journal);
            throw;
        }

        return await HealAsync(kind, context, note, journal) is { } error ? throw error : proof;
    }

    // Its time ends sooner where the faults are to stop, or a step says so.
    private static async Task LastAsync(FaultContext context, TimeSpan lasts, CancellationToken cancellation)
    {
        var end = context.Scene.EarlyEnds.Of(context.Id);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, end);
        try
        {
            await Task.Delay(lasts, context.Session.Time, both.Token);
        }
        catch (OperationCanceledException) when (context.Options.Stop.IsCancellationRequested || end.IsCancellationRequested)
        {
            context.Say($"Fault {context.Id} on {context.Target.Name} is undone before its time");
        }
    }

    private static async Task PostAsync(FaultContext context, UndoNote note, FaultJournal journal, CancellationToken cancellation)
    {
        try
        {
            await new UndoBoard(context.Session).PostAsync(note, cancellation);
        }
        catch (FaultMatrixException)
        {
            journal.Close(context, "not carried out");
            throw;
        }
    }

    // Not stopped by what stops the run: a fault must not outlive it.
    private static async Task<FaultMatrixException?> HealAsync(
        IUndoneFaultKind kind, FaultContext context, UndoNote note, FaultJournal journal)
    {
        using var limit = new CancellationTokenSource(context.Options.HealTimeout, context.Session.Time);
        try
        {
            var proof = await kind.HealAsync(context.Session, note.Undo.DeepClone().AsObject(), limit.Token);
            context.Write(new FaultHealed { Proof = proof });
            context.Say($"Fault {context.Id} on {context.Target.Name} undone: {proof}");
            await new UndoBoard(context.Session).TakeDownAsync(note, limit.Token);
            journal.Close(context, proof);
            return null;
        }
        catch (Exception e) when (e is FaultMatrixException or OperationCanceledException)
        {
            var error = e as FaultMatrixException ?? new FaultMatrixException(
                "FT0615",
                $"fault {context.Id} on '{context.Target.Name}' is not undone within {context.Options.HealTimeout.TotalSeconds:0.#} s; "
                + "./build.sh Heal tries again",
                e);
            context.Write(new FaultUnhealed { Proof = $"{error.Code}: {error.Message}" });
            context.Scene.Log.Error(FaultContext.Log, $"Fault {context.Id} not undone: {error.Code}: {error.Message}");
            return error;
        }
    }
}
