using System.Runtime.ExceptionServices;

namespace FaultTolerance;

/// <summary>Work on all processors. What fails is thrown as it was, and not wrapped: callers tell an unreadable file by its type.</summary>
internal static class SideBySide
{
    /// <summary>Fewer numbers, or requests, than this are sorted before another thread has begun.</summary>
    public const int WorthAThread = 20_000;

    /// <summary>Does all of them, and returns when the last is done.</summary>
    public static void Do(params Action[] works) => Unwrapped(() => Parallel.Invoke(works));

    /// <summary>
    /// Does the work for each number from 0 on, in no order; so many at a time as there are processors. More of them than that, which the
    /// thread pool would add, would share the processors, and the last one be done late with one of them idle.
    /// </summary>
    /// <param name="count">How many.</param>
    /// <param name="work">The work.</param>
    /// <param name="cancellation">Begins no more.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static void Each(int count, Action<int> work, CancellationToken cancellation = default) =>
        Unwrapped(() => Parallel.For(0, count, Options(cancellation), work));

    /// <summary>
    /// Parts the numbers from 0 on into ranges of nearly one length, one for each processor, and gives what the work made of each, in
    /// order; at least one.
    /// </summary>
    /// <param name="count">How many numbers.</param>
    /// <param name="work">The work, of a range's first number and the one behind its last.</param>
    public static T[] Ranges<T>(int count, Func<int, int, T> work)
    {
        var ranges = Math.Clamp(count, 1, Environment.ProcessorCount);
        var made = new T[ranges];
        Each(ranges, i => made[i] = work((int)((long)count * i / ranges), (int)((long)count * (i + 1) / ranges)));
        return made;
    }

    private static ParallelOptions Options(CancellationToken cancellation) => new()
    {
        CancellationToken = cancellation,
        MaxDegreeOfParallelism = Environment.ProcessorCount,
    };

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
