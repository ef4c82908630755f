using FaultTolerance.Artefacts.Events;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Faults.Words;

/// <summary>What is said of a kind of fault in plans, in the runner's log and on the page.</summary>
internal interface IFaultWords
{
    /// <summary>The reference suite's <c>command</c>: the process pattern, or <c>delete_pod</c>.</summary>
    string Command(Fault fault);

    /// <summary>The reference suite's <c>signal</c>, which its records have whatever the fault is.</summary>
    string Signal(Fault fault) => "SIGINT";

    /// <summary>What a plan says is done; what it is done to follows: <c>deletes</c>.</summary>
    string Plan(Fault fault);

    /// <summary>The same in two or three words, without what it is done to: <c>delete pod</c>.</summary>
    string PlanShort(Fault fault);

    /// <summary>A sentence of the page's story, without its full stop: <c>A pod of Frontend was deleted</c>.</summary>
    string Story(FaultEvent fault);

    /// <summary>What the page's table of proofs calls it.</summary>
    string Evidence(FaultEvent fault) =>
        string.Join(" ", new[] { fault.Kind, fault.Signal, fault.Command, fault.Pod ?? fault.Target }.Where(part => part is not null));

    /// <summary>The marks of the page's picture for an event of a fault on a pod; empty for an event that is not drawn.</summary>
    IEnumerable<FaultMark> Marks(FaultEvent fault) => fault switch
    {
        FaultLanded => [new FaultMark(FaultMark.Landed, $"fault landed: {fault.Kind}")],
        FaultHealed => [new FaultMark(FaultMark.Healed, $"fault undone: {fault.Kind}")],
        _ => [],
    };
}
