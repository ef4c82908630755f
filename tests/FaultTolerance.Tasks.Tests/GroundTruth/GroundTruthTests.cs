using System.Globalization;
using FaultTolerance.Artefacts;
using FaultTolerance.Results;
using FaultTolerance.Results.Recovery;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Tests.GroundTruth;

/// <summary>
/// The ruler held against known lengths: a simulated service whose outages are known exactly, through the real generator and the real
/// parser. <c>benchmarks/ground-truth.sh</c> runs these and shows their figures.
/// </summary>
public sealed class GroundTruthTests(ITestOutputHelper output)
{
    private const double Rate = 120;

    [Fact]
    public async Task Outage_and_recovery_of_random_outages_are_found_within_50_ms()
    {
        OutageKind[] kinds =
        [
            OutageKind.Sudden,
            OutageKind.Gradual,
            OutageKind.Flapping,
            OutageKind.Partial,
            OutageKind.Slow,
            OutageKind.Stall,
            OutageKind.MidStream,
        ];
        var runs = await Simulation.AllAsync(30 * kinds.Length, seed =>
        {
            var random = new Random(seed);
            var landed = 6.5 + random.NextDouble();
            var plan = OutagePlan.Of(kinds[seed % kinds.Length], landed + random.NextDouble(), random);
            return SimulatedRun.Of(plan, Spec(plan.Until + 6.5, seed) with { Stream = plan.Kind == OutageKind.MidStream }, landed, seed);
        });

        Assert.All(runs, run =>
            Assert.Equal(
                (RowState.Measured, MeasuredKind.Value, MeasuredKind.Value),
                (run.Result.State, run["harmed"].Kind, run["steady"].Kind)
            )
        );
        foreach (var kind in kinds)
        {
            var some = runs.Where(run => run.Plan.Kind == kind).ToArray();
            Show($"{kind,-9} {some.Length,3} runs", some);
        }

        var (outage, recovery) = Show($"all       {runs.Count,3} runs", runs);
        Assert.InRange(outage, 0, 0.05);
        Assert.InRange(recovery, 0, 0.05);
    }

    [Fact]
    public async Task Without_a_fault_nothing_is_claimed_in_99_of_100_runs()
    {
        var runs = await Simulation.AllAsync(300, seed =>
        {
            var random = new Random(seed);
            // From a few requests a second to a hundred, steady and jittery, each way to ask.
            var rate = 8 * Math.Pow(15, random.NextDouble());
            var spec = Spec(17, seed, rate) with
            {
                Mode = random.Next(3) == 0 ? LoadMode.Closed : LoadMode.Open,
                Arrivals = random.Next(2) == 0 ? Arrivals.Constant : Arrivals.Poisson,
                Stream = random.Next(4) == 0,
            };
            return SimulatedRun.Of(OutagePlan.Of(OutageKind.None, 0, random), spec, 7, seed, spread: 0.05 + (0.25 * random.NextDouble()));
        });

        string[] claims = ["first_error", "first_success", "harmed", "steady", "downtime_from_losses"];
        var claimed = runs.Where(run => claims.Any(name => run[name].Kind != MeasuredKind.NotNeeded)).ToArray();
        output.WriteLine($"no fault: {claimed.Length} of {runs.Count} runs claim harm");
        Assert.True(claimed.Length <= runs.Count / 100, $"{claimed.Length} of {runs.Count} fault-free runs claim harm: "
            + string.Join("; ", claimed.Select(run => string.Join(' ', claims.Select(name => run[name].ToCell())))));
    }

    [Fact]
    public async Task Stall_of_two_seconds_shows_in_the_open_loop_p99_within_one_percent()
    {
        const double From = 8, Length = 2, Landed = 7.5, Latency = 0.005;
        // At random arrivals a percentile has its own spread, small enough only at a high rate.
        (double Rate, Arrivals Arrivals)[] loads =
        [
            (100, Arrivals.Constant),
            (200, Arrivals.Constant),
            (500, Arrivals.Constant),
            (2000, Arrivals.Poisson),
        ];
        var runs = await Simulation.AllAsync(loads.Length, seed =>
            SimulatedRun.Of(
                OutagePlan.Of(OutageKind.Stall, From, new Random(seed)) with
                {
                    Until = From + Length,
                },
                Spec(From + Length + 6, seed, loads[seed].Rate) with
                {
                    Arrivals = loads[seed].Arrivals,
                },
                Landed,
                seed,
                Latency,
                spread: 0
            )
        );

        foreach (var run in runs)
        {
            // Of the requests that fell between the fault and the return to steady state, those under way when the stall began waited
            // for the whole of it, and those meant for it waited for its rest, evenly from 0 to 2 s. A hundredth waited longer than this:
            var hundredth = 0.01 * (From + Length - (Landed - SimulatedRun.IssuedBefore));
            var theory = Length + Latency + Latency - hundredth;
            var p99 = run.Result.Damage!.Outage.FromIntended!.P99;
            output.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"stall of 2 s: p99 {p99:F4} s, theory {theory:F4} s, off by {100 * ((p99 / theory) - 1):F2} %"
                )
            );
            Assert.InRange(p99, 0.99 * theory, 1.01 * theory);
        }
    }

    [Fact]
    public async Task Open_loop_shows_an_outage_at_the_length_that_a_closed_loops_failed_count_falls_short_of()
    {
        const double Length = 5;
        var plan = OutagePlan.Of(OutageKind.Sudden, 7.5, new Random(1)) with { Down = [[(7.5, 7.5 + Length)]], Until = 7.5 + Length };
        LoadMode[] modes = [LoadMode.Open, LoadMode.Closed];

        // As many requests a second are asked for in both; the closed loop's clients wait a second after each failure, as the reference
        // suite's do.
        var runs = await Simulation.AllAsync(2, i => SimulatedRun.Of(plan, Spec(22, 0) with { Mode = modes[i] }, 7, seed: 0));

        var implied = runs.Select(run => run.Result.Damage!.LostRequests / Rate).ToArray();
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"an outage of {Length} s: failed requests ÷ asked rate is {implied[0]:F2} s in the open loop, {implied[1]:F2} s in the closed loop; "
                    + $"measured from the open loop's requests {runs[0]["harmed"].Seconds:F2} s, from the closed loop's {runs[1]["harmed"].Seconds:F2} s"
            )
        );
        Assert.InRange(implied[0], 0.98 * Length, 1.02 * Length);
        Assert.InRange(implied[1], 0, 0.5 * Length);
        Assert.InRange(runs[0]["harmed"].Seconds, Length - 0.05, Length + 0.05);
    }

    [Fact]
    public async Task Outage_that_outlasts_the_load_is_a_lower_bound()
    {
        var run = (await Simulation.AllAsync(1, seed => SimulatedRun.Of(
                    OutagePlan.Of(OutageKind.Sudden, 7.5, new Random(seed)) with
                    {
                        Down =
                        [
                            [(7.5, 100)],
                        ],
                        Until = 100,
                    },
                    Spec(12, seed),
                    7,
                    seed
                ))).Single();

        Assert.Equal(
            (MeasuredKind.Censored, MeasuredKind.Censored, MeasuredKind.Censored),
            (run["harmed"].Kind, run["steady"].Kind, run["first_success"].Kind)
        );
        Assert.InRange(run["harmed"].Seconds, 0, 4.6);
        Assert.InRange(run["first_success"].Seconds, 4.9, 5.1);
    }

    [Fact]
    public async Task Same_seed_gives_the_same_measures()
    {
        var plan = OutagePlan.Of(OutageKind.Gradual, 7.5, new Random(5));

        var runs = await Simulation.AllAsync(2, _ => SimulatedRun.Of(plan, Spec(plan.Until + 6.5, 5), 7, 5));

        Assert.Equal<(string, Measured)>(runs[0].Result.Recovery, runs[1].Result.Recovery);
        Assert.Equal(runs[0].Result.Damage!.Area, runs[1].Result.Damage!.Area);
    }

    [Theory]
    [InlineData(LoadMode.Closed)]
    [InlineData(LoadMode.Open)]
    internal async Task Requests_lost_agree_with_outage_times_rate(LoadMode mode)
    {
        // 20 clients, 20 requests a second, and answers of no length worth speaking of; what is lost was sent in the outage.
        const int Clients = 20;
        const double Latency = 0.002;
        async Task<double[]> ErrorsAsync(bool inStep) => [.. (await Simulation.AllAsync(80, seed =>
                    {
                        var random = new Random(seed);
                        var plan = OutagePlan.Of(OutageKind.Sudden, 8 + random.NextDouble(), random);
                        var spec = Spec(plan.Until + 7, seed: 2 * seed, Clients) with
                        {
                            Mode = mode,
                            Clients = Clients,
                            RatePerClient = 1,
                            RetryDelay = TimeSpan.Zero,
                        };
                        return SimulatedRun.Of(
                            plan,
                            spec with
                            {
                                RequestsPerClient = (int)(plan.Until + 7),
                            },
                            plan.From,
                            seed,
                            Latency,
                            spread: 0,
                            inStep: inStep
                        );
                    })).Select(run => run.Result.Damage!.LostRequests - (Clients * run.Outage))];
        static double Deviation(double[] errors) => Math.Sqrt(errors.Average(error => error * error));

        var (spread, inStep) = (await ErrorsAsync(inStep: false), await ErrorsAsync(inStep: true));

        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{mode} loop, 20 requests/s, outages of 0.5 to 9 s: requests lost less outage x rate, mean {spread.Average():F2}, deviation {Deviation(spread):F2}; "
                    + $"clients in step: mean {inStep.Average():F2}, deviation {Deviation(inStep):F2}"
            )
        );
        // Only the clients at the outage's two edges are a matter of chance, each with a variance of a quarter at most.
        var interval = 1.96 * Math.Sqrt(2 * 0.25);
        Assert.InRange(spread.Average(), -interval / 2, interval / 2);
        Assert.InRange(spread.Count(error => Math.Abs(error) <= interval + 0.1), 0.95 * spread.Length, spread.Length);
        if (mode == LoadMode.Closed)
        {
            // All of the clients or none: as a binomial's, and wider than the spread's by several times.
            Assert.InRange(Deviation(inStep), 3 * Deviation(spread), Clients);
        }
    }

    private static LoadSpec Spec(double seconds, int seed, double rate = Rate) => new()
    {
        Mode = LoadMode.Open,
        Arrivals = seed % 2 == 0 ? Arrivals.Constant : Arrivals.Poisson,
        Clients = 4,
        RatePerClient = rate / 4,
        RequestsPerClient = (int)(seconds * rate / 4),
        MaxOutstanding = 10_000,
        Seed = seed,
        OutputTokens = 20,
    };

    private (double Outage, double Recovery) Show(string what, IReadOnlyCollection<SimulatedRun> runs)
    {
        double P95(Func<SimulatedRun, double> error)
        {
            var errors = runs.Select(error).Order().ToArray();
            return errors[(int)Math.Ceiling(0.95 * errors.Length) - 1];
        }

        var outage = P95(run => Math.Abs(run["harmed"].Seconds - run.Outage));
        var recovery = P95(run => Math.Abs(run["steady"].Seconds - run.Recovery));
        var (worstOutage, worstRecovery) = (
            runs.Max(run => Math.Abs(run["harmed"].Seconds - run.Outage)),
            runs.Max(run => Math.Abs(run["steady"].Seconds - run.Recovery))
        );
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{what}: error of outage p95 {1000 * outage, 6:F1} ms, worst {1000 * worstOutage, 6:F1} ms; of recovery p95 {1000 * recovery, 6:F1} ms, worst {1000 * worstRecovery, 6:F1} ms"
            )
        );
        return (outage, recovery);
    }
}
