using FaultTolerance.Artefacts.Events;
using FaultTolerance.Faults.Words;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Faults.DeletePod;

/// <summary>What is said of a deletion.</summary>
internal sealed class DeletePodWords : IFaultWords
{
    /// <inheritdoc/>
    public string Command(Fault fault) => "delete_pod";

    /// <inheritdoc/>
    public string Plan(Fault fault) => "deletes";

    /// <inheritdoc/>
    public string PlanShort(Fault fault) => "delete pod";

    /// <inheritdoc/>
    public string Story(FaultEvent fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        return $"A pod of {fault.Service} was deleted";
    }
}
