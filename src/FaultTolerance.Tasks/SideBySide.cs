using System.Runtime.ExceptionServices;

namespace FaultTolerance;

/// <summary>Work on all processors. What fails is thrown as it was, and not wrapped: callers tell an unreadable file by its type.</summary>
internal static class SideBySide
{
    /// <summary>Does all of them, and returns when the last is done.</summary>
    public static void Do(params Action[] works) => Unwrapped(() => Parallel.Invoke(works));

    /// <summary>Does the work for each number from 0 on, in no order.</summary>
    /// <param name="count">How many.</param>
    /// <param name="work">The work.</param>
    /// <param name="cancellation">Begins no more.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static void Each(int count, Action<int> work, CancellationToken cancellation = default) =>
        Unwrapped(() => Parallel.For(0, count, new ParallelOptions { CancellationToken = cancellation }, work));

    private static void Unwrapped(Action all)
    {
        try
        {
            all();
        }
        catch (AggregateException errors)
        {
            ExceptionDispatchInfo.Throw(errors.Flatten().InnerExceptions[0]);
        }
    }
}
