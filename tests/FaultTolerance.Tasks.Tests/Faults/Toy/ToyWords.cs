using FaultTolerance.Artefacts.Events;
using FaultTolerance.Faults.Words;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Tests.Faults.Toy;

internal sealed class ToyWords : IFaultWords
{
    public string Command(Fault fault) => ((ToyFault)fault).Label;

    public string Plan(Fault fault) => $"puts {Command(fault)} on";

    public string PlanShort(Fault fault) => "toy";

    public string Story(FaultEvent fault) => $"A pod of {fault.Service} wore {fault.Command}";
}
