using System.Collections.Immutable;

namespace FaultTolerance.LocalCluster.Network;

/// <summary>What is done to the connections of one way, from a pod or the machine to a pod.</summary>
internal sealed record WayEffect
{
    /// <summary>Nothing.</summary>
    public static WayEffect None { get; } = new();

    /// <summary>Packets vanish both ways, and nobody is told.</summary>
    public bool Drop { get; init; }

    /// <summary>Connections are reset, new ones too.</summary>
    public bool Reset { get; init; }

    /// <summary>What is added to the way of answers.</summary>
    public TimeSpan Latency { get; init; }

    /// <summary>Share of the packets of answers, and of connecting, that is lost; 0 to 1.</summary>
    public double Loss { get; init; }

    /// <summary>Most bytes of answers in a second over each connection; 0 for no limit.</summary>
    public long BytesPerSecond { get; init; }

    /// <summary>What counts it.</summary>
    public ImmutableArray<WayCounters> Counters { get; init; } = [];

    /// <summary>Whether answers have to wait.</summary>
    public bool Holds => Latency > TimeSpan.Zero || BytesPerSecond > 0;

    /// <summary>Both effects at once.</summary>
    public WayEffect With(WayEffect other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return this == None ? other : new WayEffect
        {
            Drop = Drop || other.Drop,
            Reset = Reset || other.Reset,
            Latency = Latency + other.Latency,
            Loss = 1 - ((1 - Loss) * (1 - other.Loss)),
            BytesPerSecond = BytesPerSecond == 0 ? other.BytesPerSecond
                : other.BytesPerSecond == 0 ? BytesPerSecond : Math.Min(BytesPerSecond, other.BytesPerSecond),
            Counters = [.. Counters, .. other.Counters],
        };
    }

    /// <summary>Counts for all who count.</summary>
    public void Count(long dropped = 0, long delayed = 0, long reset = 0)
    {
        foreach (var counters in Counters)
        {
            counters.Add(dropped, delayed, reset);
        }
    }
}

/// <summary>What an effect has done so far.</summary>
internal sealed class WayCounters
{
    private long _dropped;
    private long _delayed;
    private long _reset;

    /// <summary>Packets that vanished.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Pieces of answers that had to wait.</summary>
    public long Delayed => Interlocked.Read(ref _delayed);

    /// <summary>Connections that were reset.</summary>
    public long Resets => Interlocked.Read(ref _reset);

    /// <summary>Adds.</summary>
    public void Add(long dropped, long delayed, long reset)
    {
        Interlocked.Add(ref _dropped, dropped);
        Interlocked.Add(ref _delayed, delayed);
        Interlocked.Add(ref _reset, reset);
    }
}
