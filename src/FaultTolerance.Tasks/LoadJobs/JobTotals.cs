using System.Globalization;
using FaultTolerance.Load;
using FaultTolerance.Load.Health;

namespace FaultTolerance.LoadJobs;

/// <summary>The books and the health of all pods of a load as one row's.</summary>
internal static class JobTotals
{
    // As of the rate of an open loop: what is missing of a load shifts what is measured of it.
    private const double MostLost = 0.01;

    /// <summary>Sums them up. Rates are added; of lateness and shares the worst counts.</summary>
    /// <param name="pods">Each pod's books, by its name; health where it lived to tell.</param>
    /// <param name="lost">Requests of lost pods of which nothing is known.</param>
    /// <param name="spread">Seconds from the first start to the last; null where not all started.</param>
    /// <param name="mostSpread">What is borne of that.</param>
    public static LoadTotals Of(
        IReadOnlyList<(string Pod, LoadTotals Totals)> pods, long lost, double? spread, TimeSpan mostSpread)
    {
        ArgumentNullException.ThrowIfNull(pods);
        var totals = pods.Select(pod => pod.Totals).ToArray();
        var planned = totals.Sum(one => one.Planned);
        return new LoadTotals(
            planned, totals.Sum(one => one.Sent), totals.Sum(one => one.NotSent), totals.Sum(one => one.Succeeded),
            totals.Sum(one => one.Failed),
            totals.SelectMany(one => one.Attempts).GroupBy(pair => pair.Key)
                .ToDictionary(group => group.Key, group => group.Sum(pair => pair.Value)))
        {
            Shed = totals.Sum(one => one.Shed),
            Apart = totals.Sum(one => one.Apart),
            Health = Health([.. pods.Where(pod => pod.Totals.Health is not null).Select(pod => (pod.Pod, pod.Totals.Health!))]) with
            {
                Invalid =
                [
                    .. pods.SelectMany(pod => pod.Totals.Health?.Invalid.Select(reason => $"pod {pod.Pod}: {reason}") ?? []),
                    .. Judge(lost, planned, spread, mostSpread.TotalSeconds),
                ],
            },
        };
    }

    private static IEnumerable<string> Judge(long lost, long planned, double? spread, double mostSpread)
    {
        if (lost > MostLost * planned)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{lost} of {planned} requests were lost with load pods");
        }

        if (spread > mostSpread)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture, $"the load pods started within {spread:0.####} s, more than {mostSpread:0.####} s");
        }
    }

    private static GeneratorHealth Health(IReadOnlyList<(string Pod, GeneratorHealth Health)> pods)
    {
        double Worst(Func<GeneratorHealth, double> of) => pods.Select(pod => of(pod.Health)).DefaultIfEmpty().Max();
        double? Highest(Func<GeneratorHealth, double?> of) => pods.Select(pod => of(pod.Health)).Max();
        return new()
        {
            SendLagP50 = Worst(one => one.SendLagP50),
            SendLagP99 = Worst(one => one.SendLagP99),
            SendLagMax = Worst(one => one.SendLagMax),
            AskedRate = pods.Sum(pod => pod.Health.AskedRate),
            AchievedRate = pods.Sum(pod => pod.Health.AchievedRate),
            CpuShare = Worst(one => one.CpuShare),
            MachineBusy = Highest(one => one.MachineBusy),
            MachineWaited = Highest(one => one.MachineWaited),
            GcPause = Worst(one => one.GcPause),
            PoolDelayP99 = Worst(one => one.PoolDelayP99),
            PoolDelayMax = Worst(one => one.PoolDelayMax),
            FloorP50 = Highest(one => one.FloorP50),
            FloorP99 = Highest(one => one.FloorP99),
            Duration = Worst(one => one.Duration),
        };
    }
}
