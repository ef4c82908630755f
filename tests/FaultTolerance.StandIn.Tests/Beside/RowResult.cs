using System.Globalization;

namespace FaultTolerance.StandIn.Tests.Beside;

/// <summary>What clients saw of a fault. Times are seconds after its order.</summary>
/// <param name="Outage">From the first lost request's send to the send of the next that was answered; 0 where none was lost.</param>
/// <param name="Drain">When the last request that was in flight at the order was answered; null where one of them was lost.</param>
/// <param name="Aftershocks">When further requests were lost, after some that were answered or failed otherwise.</param>
/// <param name="States">The failures that lasted, in order.</param>
/// <param name="Answers">All failures, those that did not last too.</param>
/// <param name="Exit">When the process was gone; null where it stayed.</param>
/// <param name="Lost">How many requests were lost.</param>
/// <param name="Sent">How many were sent.</param>
internal sealed record RowResult(
    double Outage,
    double? Drain,
    IReadOnlyList<double> Aftershocks,
    IReadOnlyList<string> States,
    IReadOnlySet<string> Answers,
    double? Exit,
    int Lost,
    int Sent
)
{
    /// <summary>Failures further apart than this, with answers between them, are two damages.</summary>
    private const double Apart = 0.5;

    /// <summary>An answer that was got for so long is a state, and not a race between two.</summary>
    private const double Lasting = 0.2;

    /// <summary>So many requests in a row may meet a worker that is asked again.</summary>
    private const int AskedAgain = 2;

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
            [.. damages.SelectMany(Lasted).Distinct(StringComparer.Ordinal)],
            probes.Where(probe => !probe.Succeeded).Select(probe => probe.Answer).ToHashSet(StringComparer.Ordinal),
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

    /// <summary>
    /// Within a lasting failure, when a dead worker was asked again: one or two answers of another kind than those around them.
    /// </summary>
    private static IEnumerable<double> Repeats(List<Probe>? damage)
    {
        var runs = Runs(damage ?? []);
        for (var i = 1; i + 1 < runs.Count; i++)
        {
            if (runs[i][0].Sent > 0.5 && runs[i].Count <= AskedAgain && runs[i - 1][0].Answer == runs[i + 1][0].Answer)
            {
                yield return runs[i][0].Sent;
            }
        }
    }

    private static IEnumerable<string> Lasted(List<Probe> damage) => damage.GroupBy(probe => probe.Answer, StringComparer.Ordinal)
        .Where(same => same.Last().Sent - same.First().Sent >= Lasting).Select(same => same.Key);

    private static List<List<Probe>> Runs(List<Probe> probes)
    {
        var runs = new List<List<Probe>>();
        foreach (var probe in probes)
        {
            if (runs.Count > 0 && runs[^1][0].Answer == probe.Answer)
            {
                runs[^1].Add(probe);
            }
            else
            {
                runs.Add([probe]);
            }
        }

        return runs;
    }

    public static string Seconds(double? value) => value is { } number ? number.ToString("0.00", CultureInfo.InvariantCulture) : "–";

    public string AftershocksText =>
        Aftershocks.Count == 0 ? "–" : string.Join(", ", Aftershocks.Select(at => at.ToString("0.0", CultureInfo.InvariantCulture)));
}
