using FaultTolerance.Artefacts.Events;
using FaultTolerance.Artefacts.Reading;

namespace FaultTolerance.Results;

/// <summary>
/// Whether the pods' artefacts of a row that was measured were collected. A row that was ended in between has its clients' numbers and
/// nothing of the pods; it must not pass for a whole one.
/// </summary>
internal static class CollectionCheck
{
    /// <summary>FT0832 where the load has ended, and neither was its collecting ended nor the row removed without one, as asked.</summary>
    /// <param name="folder">The scenario's folder, for messages.</param>
    /// <param name="timeline">The timeline.</param>
    public static IEnumerable<Diagnostic> Check(string folder, Timeline timeline)
    {
        var phases = timeline.Of<PhaseChanged>().ToList();
        // A service at an address has no pods.
        if (timeline.Of<LoadTarget>().Any() || timeline.Of<LoadEnded>().LastOrDefault() is not { } ended || !phases.Any(p => p.Phase == "Load"))
        {
            yield break;
        }

        var since = phases.Where(p => p.At >= ended.At).ToList();
        var collected = since.LastOrDefault(p => p.Phase == "Collect");
        var leftOut = collected is null && since.Any(p => p.Phase == "Teardown");
        if (!leftOut && collected?.State is not (PhaseState.Done or PhaseState.Failed))
        {
            yield return new Diagnostic(
                ParseCodes.NotCollected,
                Severity.Error,
                collected is null
                    ? "the artefacts of its pods were not collected yet"
                    : "the collecting of its pods' artefacts was begun and not ended")
            {
                File = folder,
            };
        }
    }
}
