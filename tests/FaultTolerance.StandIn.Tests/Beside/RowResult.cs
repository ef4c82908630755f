using System.Globalization;

namespace FaultTolerance.StandIn.Tests.Beside;

/// <summary>What clients saw of a fault. Times are seconds after its order.</summary>
/// <param name="Outage">From the first lost request's send to the send of the next that was answered; 0 where none was lost.</param>
/// <param name="Drain">When the last request that was in flight at the order was answered; null where one of them was lost.</param>
/// <param name="Aftershocks">When further requests were lost, after some that were answered or failed otherwise.</param>
/// <param name="States">The failures that lasted, in order, and those of the aftershocks.</param>
/// <param name="Exit">When the process was gone; null where it stayed.</param>
/// <param name="Lost">How many requests were lost.</param>
/// <param name="Sent">How many were sent.</param>
internal sealed record RowResult(
    double Outage, double? Drain, IReadOnlyList<double> Aftershocks, IReadOnlyList<string> States, double? Exit, int Lost, int Sent)
{
    /// <summary>Failures further apart than this, with answers between them, are two damages.</summary>
    private const double Apart = 0.5;

    /// <summary>An answer that so many got in a row is a state, and not a race between two.</summary>
    private const int Lasting = 3;

    public static RowResult Of(IReadOnlyList<Probe> probes, double? exit)
    {
        var damages = Damages(probes);
        var first = damages.FirstOrDefault(damage => damage[0].Sent < 1);
        var next = first is null ? null : probes.FirstOrDefault(probe => probe.Sent > first[^1].Sent && probe.Succeeded);
        var outage = first is null ? 0 : (next?.Sent ?? probes[^1].Sent) - first[0].Sent;
        var inFlight = probes.Where(probe => probe.Sent < 0 && probe.Ended > 0).ToList();
        return new(
            outage,
            inFlight.All(probe => probe.Succeeded) ? inFlight.Select(probe => probe.Ended).DefaultIfEmpty(0).Max() : null,
            [.. damages.Where(damage => damage != first).Select(damage => damage[0].Sent).Concat(Repeats(first)).Order()],
            [.. Lasted(probes)],
            exit,
            probes.Count(probe => !probe.Succeeded),
            probes.Count);
    }

    /// <summary>Failures in time, parted where answers lie between them.</summary>
    private static List<List<Probe>> Damages(IReadOnlyList<Probe> probes)
    {
        var damages = new List<List<Probe>>();
        foreach (var probe in probes.Where(probe => !probe.Succeeded))
        {
            if (damages.Count > 0 && probe.Sent - damages[^1][^1].Sent < Apart)
            {
                damages[^1].Add(probe);
            }
            else
            {
                damages.Add([probe]);
            }
        }

        return damages;
    }

    /// <summary>Within a lasting failure, when a dead worker was asked again: single answers of another kind than those around them.</summary>
    private static IEnumerable<double> Repeats(List<Probe>? damage)
    {
        for (var i = 1; damage is not null && i + 1 < damage.Count; i++)
        {
            if (damage[i].Sent > 0.5 && damage[i - 1].Answer == damage[i + 1].Answer && damage[i].Answer != damage[i - 1].Answer)
            {
                yield return damage[i].Sent;
            }
        }
    }

    private static IEnumerable<string> Lasted(IReadOnlyList<Probe> probes)
    {
        var told = new HashSet<string>(StringComparer.Ordinal);
        var failures = probes.Where(probe => !probe.Succeeded).ToList();
        foreach (var failure in failures)
        {
            if (failures.Count(other => other.Answer == failure.Answer) >= Lasting && told.Add(failure.Answer))
            {
                yield return failure.Answer;
            }
        }
    }

    public static string Seconds(double? value) => value is { } number ? number.ToString("0.00", CultureInfo.InvariantCulture) : "–";

    public string AftershocksText => Aftershocks.Count == 0 ? "–" : string.Join(", ", Aftershocks.Select(at => at.ToString("0.0", CultureInfo.InvariantCulture)));
}
