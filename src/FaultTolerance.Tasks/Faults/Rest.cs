namespace FaultTolerance.Faults;

/// <summary>What is left of several ways of seeing the same thing when one of them has told.</summary>
internal static class Rest
{
    /// <summary>Waits for tasks that are being stopped. What went wrong with them matters no more.</summary>
    public static async Task EndAsync(params IEnumerable<Task> tasks)
    {
        try
        {
            await Task.WhenAll(tasks);
        }
        catch (Exception e) when (e is OperationCanceledException or FaultMatrixException or IOException or ObjectDisposedException)
        {
            // Another way has told already what there is to tell.
        }
    }
}
