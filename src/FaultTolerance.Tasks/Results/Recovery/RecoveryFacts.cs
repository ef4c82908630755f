using System.Collections.Frozen;
using FaultTolerance.Artefacts.Events;

namespace FaultTolerance.Results.Recovery;

/// <summary>
/// What several definitions need of the same input, worked out once: with a million requests each costs a good part of the parse.
/// </summary>
/// <param name="input">The input.</param>
internal sealed class RecoveryFacts(RecoveryInput input)
{
    private readonly Lazy<SteadyBand?> _band = new(() => SteadyBand.Of(input));
    private readonly Lazy<Harm> _harm = new(() => Harm.Of(input));
    private readonly Lazy<long> _loadEnd = new(() => Math.Max(input.Zero, LastEnd(input.Requests)));
    private readonly Lazy<bool> _isTroubled = new(() => input.Troubles.Any());

    private readonly Lazy<FrozenSet<string>> _pods = new(() => input.Timeline.OfType<PodChanged>()
        .Where(item => item.Service == input.Service).Select(item => item.Pod).OfType<string>().ToFrozenSet(StringComparer.Ordinal));

    /// <summary>The input that the facts are of.</summary>
    public RecoveryInput Of => input;

    /// <summary>Names of the pods of the service that was hit.</summary>
    public FrozenSet<string> Pods => _pods.Value;

    /// <summary>The band of a steady service; null where too few requests were answered before the fault.</summary>
    public SteadyBand? Band => _band.Value;

    /// <summary>The spells of harm.</summary>
    public Harm Harm => _harm.Value;

    /// <summary>The end of the last request, in ticks of UTC.</summary>
    public long LoadEnd => _loadEnd.Value;

    /// <summary>Whether the cluster showed that something was wrong with the service that was hit.</summary>
    public bool IsTroubled => _isTroubled.Value;

    private static long LastEnd(RequestSample[] requests)
    {
        var last = long.MinValue;
        foreach (ref readonly var request in requests.AsSpan())
        {
            last = Math.Max(last, request.End);
        }

        return last;
    }
}
