using FaultTolerance.Artefacts.Events;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Faults.Words;

/// <summary>The words of the kinds, by kind. A timeline may tell of a kind that this version does not know: that is told plainly.</summary>
/// <param name="kinds">The words.</param>
internal sealed class FaultWordbook(IReadOnlyDictionary<string, IFaultWords> kinds)
{
    private static readonly IFaultWords Unknown = new UnknownKind();

    /// <summary>The words for a kind.</summary>
    public IFaultWords Of(string? kind) => kind is not null && kinds.TryGetValue(kind, out var words) ? words : Unknown;

    private sealed class UnknownKind : IFaultWords
    {
        public string Command(Fault fault) => fault.Kind;

        public string Plan(Fault fault) => $"{fault.Kind} in";

        public string PlanShort(Fault fault) => fault.Kind;

        public string Story(FaultEvent fault) =>
            $"{fault.Kind ?? "A fault"} was done to {fault.Pod ?? fault.Target ?? fault.Service ?? "the graph"}";
    }
}
