using FaultTolerance.Scenarios;

namespace FaultTolerance.Faults;

/// <summary>How much a fault may hit.</summary>
internal static class BlastRadius
{
    private const int Whole = 100;

    /// <summary>Refuses a fault that would hit more pods than it may; nothing has been hit by then.</summary>
    /// <param name="fault">The fault.</param>
    /// <param name="service">The service, for the message.</param>
    /// <param name="chosen">How many pods it would hit.</param>
    /// <param name="all">How many the service has.</param>
    /// <exception cref="FaultMatrixException">FT0620: more than its limit allows.</exception>
    public static void Check(Fault fault, string service, int chosen, int all)
    {
        ArgumentNullException.ThrowIfNull(fault);
        if (chosen > fault.MaxPods)
        {
            throw Refused(fault, service, chosen, all, $"{fault.MaxPods} pods (maxPods)");
        }

        if ((long)chosen * Whole > (long?)fault.MaxPercent * all)
        {
            throw Refused(fault, service, chosen, all, $"{fault.MaxPercent} % of them (maxPercent)");
        }
    }

    private static FaultMatrixException Refused(Fault fault, string service, int chosen, int all, string limit) => new(
        "FT0620", $"{fault.Kind} would hit {chosen} of {all} pods of service '{service}', but may hit {limit} at most; nothing was hit");
}
