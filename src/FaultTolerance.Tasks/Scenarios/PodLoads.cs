namespace FaultTolerance.Scenarios;

/// <summary>What a load from the cluster cannot be joined with. What the load's own keys forbid is told where they are read.</summary>
internal static class PodLoads
{
    /// <summary>Refuses rows whose load comes from the cluster and asks for what pods do not know.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="byAddress">Whether the load goes to an address that the command line names.</param>
    /// <exception cref="FaultMatrixException">FT0524.</exception>
    public static void Refuse(IEnumerable<Scenario> rows, bool byAddress)
    {
        ArgumentNullException.ThrowIfNull(rows);
        foreach (var row in rows.Where(row => row.Load.Pods > 0))
        {
            if (Reason(row, byAddress) is { } reason)
            {
                throw new FaultMatrixException("FT0524", $"'{row.Name}' cannot have its load from the cluster: {reason}");
            }
        }
    }

    private static string? Reason(Scenario row, bool byAddress) =>
        row.Deployment.Url is not null ? "its deployment is an address, and pods have no key for it"
        : byAddress ? "pods reach frontends by their own addresses, and --transport url names another"
        : row.Load.Pods > row.Load.Clients ? $"{row.Load.Pods} pods cannot share {row.Load.Clients} clients"
        : row.Load.StopWhen is not null ? "no pod knows all that 'stopWhen' judges"
        : row.Load.UntilRecovered is not null ? "no pod knows whether all clients are well again ('untilRecovered')"
        : row.Failure.Faults.Any(fault => fault.When == FaultStart.Steady)
            ? "no pod knows whether the service is steady, which a fault waits for"
        : null;
}
