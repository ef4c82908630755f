namespace FaultTolerance.Scenarios;

/// <summary>What a load from the cluster cannot be joined with. What the load's own keys forbid is told where they are read.</summary>
internal static class PodLoads
{
    private const int MostNamed = 4;

    /// <summary>Refuses rows whose load comes from the cluster and asks for what pods do not know: one error with all of them.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="byAddress">
    /// Whether the row's own way is an address that the command line names. A client from here beside the pods can go it, pods cannot.
    /// </param>
    /// <exception cref="FaultMatrixException">FT0524.</exception>
    public static void Refuse(IEnumerable<Scenario> rows, bool byAddress)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var reasons = rows.Where(row => row.Load.Pods > 0).Select(row => (Row: row.Name, Reason: Reason(row, byAddress)))
            .Where(one => one.Reason is not null).GroupBy(one => one.Reason!, one => one.Row, StringComparer.Ordinal).ToList();
        if (reasons.Count > 0)
        {
            throw new FaultMatrixException("FT0524", string.Join("; ", reasons.Select(one =>
                $"{Names([.. one])} cannot have {(one.Count() == 1 ? "its load" : "their loads")} from the cluster: {one.Key}")));
        }
    }

    private static string Names(IReadOnlyList<string> rows) =>
        string.Join(", ", rows.Take(MostNamed).Select(row => $"'{row}'"))
        + (rows.Count > MostNamed ? $" and {rows.Count - MostNamed} more" : "");

    private static string? Reason(Scenario row, bool byAddress) =>
        row.Deployment.Url is not null ? "its deployment is an address, and pods have no key for it"
        : byAddress && row.Load.ProbeRate == 0
            ? "pods reach frontends by their own addresses, and --transport url names another; from both it is the way of the one from here"
        : row.Load.Pods > row.Load.Clients ? $"{row.Load.Pods} pods cannot share {row.Load.Clients} clients"
        : row.Load.Reuse != Reuse.Own ? "pods share no connections, and 'reuse' asks for such"
        : row.Load.ProbeRate > 0 ? ProbeSpec.Refusal(row.Load)
        : null;
}
