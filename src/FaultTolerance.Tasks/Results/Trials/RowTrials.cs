using System.Collections.Immutable;
using FaultTolerance.Results.Continuity;
using FaultTolerance.Results.Legacy;
using FaultTolerance.Results.Measures;
using FaultTolerance.Results.Recovery;
using FaultTolerance.Results.Statistics;

namespace FaultTolerance.Results.Trials;

/// <summary>A row of the matrix with all of its trials: what its tables show is the median over those that were measured.</summary>
/// <param name="All">The trials, in their order; at least one.</param>
internal sealed record RowTrials(ImmutableArray<ScenarioResult> All)
{
    /// <summary>The row's name: that of its first trial.</summary>
    public string Name => All[0].RowName;

    /// <summary>The table that the row belongs to.</summary>
    public string Group => All[0].Group;

    /// <summary>The failure.</summary>
    public string Failure => All[0].Row.Failure;

    /// <summary>The trials that can be trusted; where there is none of these, all.</summary>
    public ImmutableArray<ScenarioResult> Sound { get; } = All.Any(IsSound) ? [.. All.Where(IsSound)] : All;

    /// <summary>Whether it was tried more than once.</summary>
    public bool Repeated => All.Length > 1;

    /// <summary>The trial whose outage lies in the middle, the earlier of two: the one to look at where one has to do for all.</summary>
    public ScenarioResult Typical { get; } = Middle(All.Any(IsSound) ? [.. All.Where(IsSound)] : All);

    /// <summary>The rows of a run, in its order.</summary>
    public static ImmutableArray<RowTrials> Of(IEnumerable<ScenarioResult> scenarios) =>
        [
            .. scenarios
                .GroupBy(scenario => scenario.RowName, StringComparer.Ordinal)
                .Select(row => new RowTrials([.. row.OrderBy(scenario => scenario.Trial)])),
        ];

    /// <summary>A measure over the trials; null where none of them knows it.</summary>
    public Spread? Spread(IMeasure measure)
    {
        ArgumentNullException.ThrowIfNull(measure);
        return Trials.Spread.Of(Sound.Select(measure.Of).OfType<Measured>());
    }

    /// <summary>A recovery definition over the trials; null where none of them knows it.</summary>
    public Spread? Recovery(string definition) => Trials.Spread.Of(Sound.Select(trial => trial.Recovered(definition)).OfType<Measured>());

    /// <summary>Requests lost after the fault, of a baseline all that failed, over the trials.</summary>
    public Spread? Lost =>
        Trials.Spread.Of(
            Sound.Where(trial => trial.State != RowState.Failed).Select(trial => new Measured(MeasuredKind.Value, LostBy(trial)))
        );

    /// <summary>
    /// All requests of the trials together: how many were lost, of how many, and the share's interval of 95 % (Wilson's).
    /// </summary>
    public (long Lost, long Sent, double Low, double High) LostShare
    {
        get
        {
            var (lost, sent) = (Sound.Sum(LostBy), Sound.Sum(trial => trial.Books.Sent));
            var (low, high) = Wilson.Interval(lost, sent);
            return (lost, sent, low, high);
        }
    }

    /// <summary>
    /// The streams of the trials together: how many came whole, of how many that could be compared, and the share's interval of 95 %
    /// (Wilson's). Trials in which the service answered one prompt with several texts tell nothing of it.
    /// </summary>
    public (long Whole, long Compared, double Low, double High) WholeStreams
    {
        get
        {
            var whole = Continuities.Sum(one => (long)one.Count(StreamFate.Whole));
            var compared = Continuities.Sum(one => (long)one.Compared);
            var (low, high) = Wilson.Interval(whole, compared);
            return (whole, compared, low, high);
        }
    }

    /// <summary>The continuity of each trial that tells of it.</summary>
    public IEnumerable<StreamContinuity> Continuities =>
        Sound.Select(trial => trial.Continuity).OfType<StreamContinuity>().Where(one => one is { IsRepeatable: true, Compared: > 0 });

    /// <summary>The reference suite's columns: each the median of what the trials have.</summary>
    public LegacyRow Legacy =>
        !Repeated
            ? All[0].Row
            : new LegacyRow(
                Failure,
                Median(row => row.Startup),
                Median(row => row.SuccessBefore),
                Median(row => row.FailedBefore),
                Median(row => row.SuccessAfter),
                Median(row => row.FailedAfter),
                Median(row => row.LatencyBefore),
                Median(row => row.LatencyAfter),
                Median(row => row.Recovery)
            )
            {
                ViolationsBefore = Median(row => row.ViolationsBefore),
                ViolationsAfter = Median(row => row.ViolationsAfter),
            };

    /// <summary>What one trial lost.</summary>
    public static long LostBy(ScenarioResult trial)
    {
        ArgumentNullException.ThrowIfNull(trial);
        return trial.Damage?.LostRequests ?? trial.Books.Failed;
    }

    /// <summary>Whether the trial was executed and can be trusted.</summary>
    public static bool IsSound(ScenarioResult trial)
    {
        ArgumentNullException.ThrowIfNull(trial);
        return trial.State is RowState.Measured or RowState.Baseline or RowState.Unverified;
    }

    private double? Median(Func<LegacyRow, double?> column)
    {
        double[] known = [.. Sound.Select(trial => column(trial.Row)).OfType<double>().Where(value => !double.IsNaN(value))];
        return known.Length > 0
            ? Bootstrap.Median(known)
            : Sound.Select(trial => column(trial.Row)).FirstOrDefault(value => value is not null);
    }

    private static ScenarioResult Middle(ImmutableArray<ScenarioResult> trials)
    {
        var byOutage = trials.OrderBy(trial => trial.Recovered(Outage.Key)?.Seconds ?? 0).ThenBy(trial => trial.Trial).ToList();
        return byOutage[(byOutage.Count - 1) / 2];
    }
}
