namespace FaultTolerance.Cluster.Observation;

/// <summary>
/// Lets whoever sees that a watch may be wrong (a pod that it shows is not found, a proof that does not come) have it look for itself. A
/// watch that stays connected and says nothing cannot be told from one with nothing to say.
/// </summary>
internal sealed class WatchDoubt
{
    private TaskCompletionSource _raised = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Called with a line when the watch was found to have missed something.</summary>
    public Action<string>? Missed { get; init; }

    internal Task Raised => Volatile.Read(ref _raised).Task;

    /// <summary>Has the watch list once, soon; several doubts at a time are one.</summary>
    public void Raise() => Volatile.Read(ref _raised).TrySetResult();

    internal void Settle()
    {
        if (Raised.IsCompleted)
        {
            Volatile.Write(ref _raised, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }
    }
}
