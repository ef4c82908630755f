namespace FaultTolerance.Load.Health;

/// <summary>How the generator itself did. All times in seconds.</summary>
internal sealed record GeneratorHealth
{
    /// <summary>Between the instant a request was intended for and the start of its first attempt: median.</summary>
    public double SendLagP50 { get; init; }

    /// <summary>The same, 99th percentile.</summary>
    public double SendLagP99 { get; init; }

    /// <summary>The same, worst.</summary>
    public double SendLagMax { get; init; }

    /// <summary>Requests per second that the plan asked for; in the closed loop, where the answers set the pace, the limit.</summary>
    public double AskedRate { get; init; }

    /// <summary>Requests per second that were sent.</summary>
    public double AchievedRate { get; init; }

    /// <summary>Share of all processors that this process used, 0 to 1.</summary>
    public double CpuShare { get; init; }

    /// <summary>Share of all processors that the whole machine used meanwhile, 0 to 1. Null: not measured.</summary>
    public double? MachineBusy { get; init; }

    /// <summary>
    /// Share of the load's time in which some thread of the machine could have run and had no processor, 0 to 1 (Linux's pressure stall
    /// information). Null: not measured.
    /// </summary>
    public double? MachineWaited { get; init; }

    /// <summary>Time in which the garbage collector held the process, in all.</summary>
    public double GcPause { get; init; }

    /// <summary>Delay of the thread pool in starting a work item: 99th percentile.</summary>
    public double PoolDelayP99 { get; init; }

    /// <summary>The same, worst.</summary>
    public double PoolDelayMax { get; init; }

    /// <summary>
    /// Lateness for its instants of a thread with nothing to do, just before the load: median. What no generator on this machine can
    /// better. Null: not measured.
    /// </summary>
    public double? FloorP50 { get; init; }

    /// <summary>The same, 99th percentile.</summary>
    public double? FloorP99 { get; init; }

    /// <summary>How long the load took.</summary>
    public double Duration { get; init; }

    /// <summary>Why the figures are not to be trusted; empty when they are.</summary>
    public IReadOnlyList<string> Invalid { get; init; } = [];
}

/// <summary>Limits beyond which a load is invalid. They are those at which the generator would distort what it measures.</summary>
internal sealed record HealthLimits
{
    /// <summary>Largest <see cref="GeneratorHealth.SendLagP99"/>, seconds, above the machine's floor.</summary>
    public double SendLagP99 { get; init; } = 0.05;

    /// <summary>
    /// Smallest achieved share of the asked rate (open loop; what the bound shed was sent by nobody and counts as missed).
    /// </summary>
    public double RateShare { get; init; } = 0.99;

    /// <summary>Largest share of the machine's processors.</summary>
    public double CpuShare { get; init; } = 0.9;

    /// <summary>Largest share of the load's time in garbage collection pauses.</summary>
    public double GcShare { get; init; } = 0.05;

    /// <summary>Largest <see cref="GeneratorHealth.PoolDelayP99"/>, seconds, above the machine's floor.</summary>
    public double PoolDelayP99 { get; init; } = 0.1;

    /// <summary>
    /// The limits of a load that may send so late. What may be sent half a second late may also be read half a second late: a pool that is
    /// as late is what makes it so, and is no second reason.
    /// </summary>
    internal HealthLimits Bearing(TimeSpan sendLag) =>
        this with
        {
            SendLagP99 = sendLag.TotalSeconds,
            PoolDelayP99 = Math.Max(PoolDelayP99, sendLag.TotalSeconds),
        };
}
