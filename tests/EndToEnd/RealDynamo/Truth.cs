namespace EndToEnd.RealDynamo;

/// <summary>What a fault did, by the prober: seconds from the fault's order; null where it lost nothing.</summary>
/// <param name="FirstError">The first probe that was lost: its send, or the order where it was under way.</param>
/// <param name="FirstSuccess">The send of the first that was then answered.</param>
/// <param name="LastError">The last that was lost, told in the same way.</param>
/// <param name="Outage">The longest span from a lost probe to the next that was answered; 0 without one.</param>
/// <param name="Lost">How many were lost.</param>
internal sealed record Truth(double? FirstError, double? FirstSuccess, double? LastError, double Outage, int Lost)
{
    /// <summary>The truth of one row.</summary>
    /// <param name="probes">The probes of all of the row's frontends, by their sends.</param>
    /// <param name="order">The fault's order.</param>
    /// <param name="end">The load's end; what was sent later is the teardown's.</param>
    public static Truth Of(IEnumerable<Probe> probes, DateTimeOffset order, DateTimeOffset end)
    {
        double Seconds(Probe probe) => Math.Max(0, (probe.Sent - order).TotalSeconds);
        var (lost, outage, since) = (0, 0.0, (double?)null);
        double? first = null, again = null, last = null;
        foreach (var probe in probes.Where(p => p.Ended >= order && p.Sent <= end).OrderBy(p => p.Sent))
        {
            if (!probe.Succeeded)
            {
                lost++;
                last = Seconds(probe);
                first ??= last;
                since ??= last;
            }
            else if (since is { } begin)
            {
                again ??= Seconds(probe);
                outage = Math.Max(outage, Seconds(probe) - begin);
                since = null;
            }
        }

        return new(first, again, last, outage, lost);
    }
}
