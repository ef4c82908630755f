using FaultTolerance.Faults.Processes;
using FaultTolerance.Graphs.Processes;

namespace FaultTolerance.Faults.KillProcess;

/// <summary>
/// What the scripts' lines tell of a kill. Times are the container's own where its clock could be set against the run's, else those of the
/// lines' coming, which on a busy machine come tenths of a second late.
/// </summary>
/// <param name="processes">The processes to be killed.</param>
/// <param name="now">The run's clock.</param>
internal sealed class KillWatch(IReadOnlyList<ContainerProcess> processes, Func<DateTimeOffset> now)
{
    private readonly Dictionary<int, ContainerProcess> _left = processes.ToDictionary(process => process.Pid);
    private readonly DateTimeOffset _begin = now();
    private DateTimeOffset? _alive;
    private DateTimeOffset? _landed;
    private TimeSpan? _uncertainty;

    /// <summary>The container's clock.</summary>
    public ContainerClock Clock { get; } = new(now);

    /// <summary>Those that were not seen to be gone.</summary>
    public IReadOnlyCollection<ContainerProcess> Left => _left.Values;

    /// <summary>How many were hit.</summary>
    public int Sent { get; private set; }

    /// <summary>A line that says that one could not be hit; null for none.</summary>
    public string? Failed { get; private set; }

    /// <summary>When the last of them ended.</summary>
    public Landing Landed(string proof) => new(_landed ?? now(), proof, _uncertainty);

    /// <summary>
    /// When a container ended that was hit so: after one of its processes was last seen alive, and before the news of its end.
    /// </summary>
    public Landing Ended(ContainerEnded end)
    {
        ArgumentNullException.ThrowIfNull(end);
        var told = now();
        return new Landing(told, end.Text, told - (_alive ?? _begin));
    }

    /// <summary>Takes a line.</summary>
    public ReadOnlyMemory<byte>? Hear(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        var word = line.Split(' ');
        switch (word[0])
        {
            case "gone" or "zombie" or "vanished" when word.Length > 1 && int.TryParse(word[1], out var pid) && _left.Remove(pid):
                Gone(Clock.At(word.ElementAtOrDefault(2)), Clock.At(word.ElementAtOrDefault(3)));
                break;
            case "sent":
                Sent++;
                Alive(word.ElementAtOrDefault(2));
                break;
            case "still":
                Alive(word.ElementAtOrDefault(1));
                break;
            case "failed":
                Failed = line;
                break;
        }

        return Clock.Hear(line);
    }

    // A line's coming is later than what it tells, and so no bound.
    private void Alive(string? text)
    {
        if (Clock.At(text) - Clock.Uncertainty is { } stamp && stamp > (_alive ?? _begin))
        {
            _alive = stamp;
        }
    }

    // Never before the order nor after the line's coming, whatever the clocks say. A process with no window vanished before it was hit.
    private void Gone(DateTimeOffset? alive, DateTimeOffset? gone)
    {
        var told = now();
        var at = gone is { } stamp && stamp < told ? (stamp > _begin ? stamp : _begin) : told;
        if (_landed is null || at > _landed)
        {
            var window = alive is { } before && at > before ? at - before : TimeSpan.Zero;
            (_landed, _uncertainty) = (at, gone is null ? null : Clock.Uncertainty + window);
        }
    }
}
