using System.Globalization;

namespace FaultTolerance.Faults.Network;

/// <summary>What came of one connection that was tried from within a pod.</summary>
/// <param name="End">How it ended.</param>
/// <param name="Milliseconds">How long it took, to its answer or to its end.</param>
internal readonly record struct Reach(ReachEnd End, double Milliseconds)
{
    /// <summary>Whether the other side took it.</summary>
    public bool IsMade => End is ReachEnd.Answered or ReachEnd.Closed;

    /// <inheritdoc/>
    public override string ToString() => End switch
    {
        ReachEnd.Answered => string.Create(CultureInfo.InvariantCulture, $"answered after {Milliseconds:0} ms"),
        ReachEnd.Closed => string.Create(CultureInfo.InvariantCulture, $"taken and closed after {Milliseconds:0} ms"),
        ReachEnd.Refused => "refused",
        ReachEnd.Reset => "reset",
        _ => "without any answer",
    };

    /// <summary>What a line of the probe's output says; null for another line.</summary>
    public static Reach? Parse(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        return line.Split(' ') is ["reach", var end, var time]
            && Enum.TryParse<ReachEnd>(end, ignoreCase: true, out var known)
            && double.TryParse(time, NumberStyles.Float, CultureInfo.InvariantCulture, out var ms) ? new Reach(known, ms) : null;
    }
}

/// <summary>How a connection that was tried ended.</summary>
internal enum ReachEnd
{
    /// <summary>It was made, and what was asked over it was answered.</summary>
    Answered,

    /// <summary>It was made, and closed without an answer.</summary>
    Closed,

    /// <summary>It was refused.</summary>
    Refused,

    /// <summary>It was reset.</summary>
    Reset,

    /// <summary>Nothing came back in time.</summary>
    Silent,
}
