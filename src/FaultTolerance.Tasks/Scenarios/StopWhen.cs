namespace FaultTolerance.Scenarios;

/// <summary>
/// When a load is too bad to go on: the first limit that is broken ends it, undoes the faults that last, and orders no further one. A null
/// limit is none.
/// </summary>
internal sealed record StopWhen
{
    /// <summary>Share of the requests that ended within <see cref="Window"/> that failed, 0 to 1: more ends the load.</summary>
    public double? ErrorShare { get; init; }

    /// <summary>So many requests that failed one after another, over all clients, at least 1, end the load.</summary>
    public int? ErrorsInARow { get; init; }

    /// <summary>More failed requests in all than this end the load; as the check <c>lostAtMost</c>, told while it happens.</summary>
    public int? Lost { get; init; }

    /// <summary>So long without an answer while requests wait for one ends the load; as the check <c>outageAtMost</c>.</summary>
    public TimeSpan? Outage { get; init; }

    /// <summary>95th percentile of the latency of what was answered within <see cref="Window"/>: longer ends the load.</summary>
    public TimeSpan? Latency { get; init; }

    /// <summary>95th percentile of the time to the first token of what was answered within <see cref="Window"/>: longer ends it.</summary>
    public TimeSpan? FirstToken { get; init; }

    /// <summary>More requests under way at once than this end the load, at least 1.</summary>
    public int? Queue { get; init; }

    /// <summary>How far back the shares and percentiles look, more than 0.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Shares and percentiles of fewer requests than this, at least 1, tell nothing and end nothing.</summary>
    public int Fewest { get; init; } = 20;

    /// <summary>Both: of each limit the one that is sooner broken. Null where neither is given.</summary>
    public static StopWhen? Either(StopWhen? one, StopWhen? other) => one is null ? other : other is null ? one : one with
    {
        ErrorShare = Least(one.ErrorShare, other.ErrorShare),
        ErrorsInARow = Least(one.ErrorsInARow, other.ErrorsInARow),
        Lost = Least(one.Lost, other.Lost),
        Outage = Least(one.Outage, other.Outage),
        Latency = Least(one.Latency, other.Latency),
        FirstToken = Least(one.FirstToken, other.FirstToken),
        Queue = Least(one.Queue, other.Queue),
        Window = one.Window < other.Window ? one.Window : other.Window,
        Fewest = Math.Min(one.Fewest, other.Fewest),
    };

    private static T? Least<T>(T? one, T? other)
        where T : struct, IComparable<T> => one is { } a && other is { } b ? a.CompareTo(b) <= 0 ? a : b : one ?? other;
}
