using System.Collections.Frozen;
using System.Runtime.InteropServices;

namespace FaultTolerance.Results.Recovery;

/// <summary>What several definitions need of the same input, worked out once: with a million requests each costs a good part of the parse.</summary>
/// <param name="input">The input.</param>
internal sealed class RecoveryFacts(RecoveryInput input)
{
    private readonly Lazy<SteadyBand?> _band = new(() => SteadyBand.Of(input));
    private readonly Lazy<Measured> _steady = new(() => SteadyAgain.Find(input));
    private readonly Lazy<long> _allBusyUntil = new(() => BusyUntil(input));

    private readonly Lazy<FrozenSet<string>> _pods = new(() => input.Timeline
        .Where(item => item.Name == "pod" && item["service"] == input.Service).Select(item => item["pod"]).OfType<string>().ToFrozenSet(StringComparer.Ordinal));

    public RecoveryInput Of => input;

    /// <summary>Names of the pods of the service that was hit.</summary>
    public FrozenSet<string> Pods => _pods.Value;

    public SteadyBand? Band => _band.Value;

    public Measured Steady => _steady.Value;

    public long AllBusyUntil => _allBusyUntil.Value;

    private static long BusyUntil(RecoveryInput input)
    {
        var last = new Dictionary<int, long>();
        foreach (ref readonly var request in input.Requests.AsSpan())
        {
            CollectionsMarshal.GetValueRefOrAddDefault(last, request.Client, out _) = request.End;
        }

        return last.Count == 0 ? input.Zero : last.Values.Min();
    }
}
