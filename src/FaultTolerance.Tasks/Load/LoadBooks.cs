using FaultTolerance.Artefacts;

namespace FaultTolerance.Load;

/// <summary>The counts of a running load. Every request is entered once when it is planned and once when it ends.</summary>
internal sealed class LoadBooks(long planned)
{
    private readonly long[] _attempts = new long[Enum.GetValues<Outcome>().Length];
    private long _planned = planned;
    private long _succeeded;
    private long _failed;
    private long _apart;
    private long _notSent;
    private long _shed;
    private int _inFlight;

    /// <summary>A glance at the counts.</summary>
    public LoadProgress Progress => new(
        Interlocked.Read(ref _planned), Interlocked.Read(ref _succeeded), Interlocked.Read(ref _failed), Volatile.Read(ref _inFlight))
    {
        Apart = Interlocked.Read(ref _apart),
    };

    /// <summary>Requests under way.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>One more request than was planned at the start.</summary>
    public void PlanMore() => Interlocked.Increment(ref _planned);

    /// <summary>A request goes out.</summary>
    public void Begin() => Interlocked.Increment(ref _inFlight);

    /// <summary>An attempt ended.</summary>
    public void Attempt(Outcome outcome) => Interlocked.Increment(ref _attempts[(int)outcome]);

    /// <summary>A request that went out ended.</summary>
    public void End(Outcome outcome)
    {
        Interlocked.Decrement(ref _inFlight);
        if (outcome.TellsOfService())
        {
            Interlocked.Increment(ref outcome == Outcome.Ok ? ref _succeeded : ref _failed);
        }
        else
        {
            Interlocked.Increment(ref _apart);
        }
    }

    /// <summary>A request will never go out.</summary>
    public void NotSent(Outcome outcome)
    {
        Interlocked.Increment(ref _notSent);
        if (outcome == Outcome.Shed)
        {
            Interlocked.Increment(ref _shed);
        }
    }

    /// <summary>
    /// Closes the books of a load that ended, against the lines that were recorded. Throws <c>FT0901</c> when they do not add up.
    /// </summary>
    public LoadTotals Close(long lines)
    {
        var totals = new LoadTotals(_planned, _succeeded + _failed + _apart, _notSent, _succeeded, _failed,
            Enum.GetValues<Outcome>().Where(o => _attempts[(int)o] > 0).ToDictionary(o => o, o => _attempts[(int)o]))
        { Shed = _shed, Apart = _apart };
        if (totals.Planned != totals.Sent + totals.NotSent || _inFlight != 0 || lines != totals.Planned)
        {
            throw new FaultMatrixException("FT0901", "The load's books do not add up: "
                + $"planned {totals.Planned}, sent {totals.Sent}, not sent {totals.NotSent}, in flight {_inFlight}, recorded {lines}. "
                + "This is a fault of the load generator; please report it.");
        }

        return totals;
    }
}
