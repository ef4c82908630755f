using System.Collections.Immutable;
using FaultTolerance.Artefacts.Events;

namespace FaultTolerance.Results.Verdicts;

/// <summary>Reads from a timeline when each fault was ordered, proven and undone.</summary>
internal static class FaultWindows
{
    /// <summary>The faults by their order, without what clients saw.</summary>
    public static ImmutableArray<FaultVerdict> Of(IEnumerable<TimelineEvent> timeline)
    {
        ArgumentNullException.ThrowIfNull(timeline);
        var faults = timeline.OfType<FaultEvent>()
            .GroupBy(item => Number(item.Id), StringComparer.Ordinal)
            .Select(events => One(events.Key, [.. events]))
            .OrderBy(fault => fault.Ordered)
            .ToList();
        return
        [
            .. faults.Select((fault, i) => fault with { Until = i + 1 < faults.Count ? faults[i + 1].Ordered : null }),
        ];
    }

    private static FaultVerdict One(string id, List<FaultEvent> events)
    {
        var issued = events.OfType<FaultIssued>().ToList();
        var landed = events.OfType<FaultLanded>().ToList();
        var healed = events.OfType<FaultHealed>().ToList();
        var unhealed = events.OfType<FaultUnhealed>().ToList();
        var lasts = healed.Count + unhealed.Count > 0;
        var proven = landed.Select(item => item.Id).ToHashSet(StringComparer.Ordinal);
        var unproven = events.OfType<FaultUnproven>().Select(item => item.Reason ?? item.Proof ?? "no proof")
            .Concat(issued.Where(item => !proven.Contains(item.Id)).Select(item => $"no proof that {Name(item)} was hit"))
            .Distinct(StringComparer.Ordinal).ToList();
        var done = landed.Count > 0 && unproven.Count == 0;
        return new FaultVerdict
        {
            Id = id,
            Kind = events[0].Kind,
            Service = events.Select(item => item.Service).FirstOrDefault(service => !string.IsNullOrEmpty(service)),
            Targets = [.. events.Select(Name).Where(name => name.Length > 0).Distinct(StringComparer.Ordinal)],
            Ordered = (issued.FirstOrDefault() ?? events[0]).At,
            Landed = landed.FirstOrDefault()?.At,
            Lasts = lasts,
            Ended = unhealed.Count > 0 ? null : lasts ? healed.Max(item => item.At) : done ? landed.Max(item => item.At) : null,
            Proofs = Texts(landed),
            Undone = Texts(healed),
            Doubt = unproven.Count > 0 ? string.Join("; ", unproven)
                : unhealed.Count > 0 ? $"not undone: {string.Join("; ", unhealed.Select(item => item.Proof))}"
                : landed.Count == 0 ? "no proof that it landed" : null,
            Outcome = done ? FaultOutcomeKind.Unknown : FaultOutcomeKind.Unproven,
        };
    }

    // A fault on several targets is one: 3.1 and 3.2 are of fault 3.
    private static string Number(string? id) => (id ?? "").Split('.')[0];

    private static string Name(FaultEvent item) => item.Pod ?? item.Target ?? "";

    private static ImmutableArray<string> Texts(IEnumerable<FaultEvent> events) =>
        [.. events.Select(item => item.Proof).OfType<string>().Where(proof => proof.Length > 0)];
}
