using System.Globalization;
using FaultTolerance.Artefacts;
using FaultTolerance.Results.Recovery;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Tests.GroundTruth;

/// <summary>
/// The ruler at every rate: 1 to 120 requests a second, closed and open loop, 1 to 50 clients, answers of 20 ms to 10 s. At a low rate
/// nothing can be told more finely than requests come; what is measured may be off by that, and by no answer's length.
/// </summary>
public sealed class GroundTruthByRateTests(ITestOutputHelper output)
{
    private static readonly OutageKind[] Kinds =
    [
        OutageKind.Sudden,
        OutageKind.Flapping,
        OutageKind.Partial,
        OutageKind.Stall,
        OutageKind.Hang,
        OutageKind.SlowDeath,
        OutageKind.Aftershocks,
        OutageKind.Cold,
    ];

    // What is told by answers that come late.
    private static readonly OutageKind[] Late = [OutageKind.Stall, OutageKind.Cold];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(10)]
    [InlineData(50)]
    [InlineData(120)]
    public async Task Measures_are_within_a_few_requests_of_the_truth(double rate)
    {
        var runs = await Simulation.AllAsync(10 * Kinds.Length, seed => Run(Kinds[seed % Kinds.Length], rate, seed));

        foreach (var mode in new[] { LoadMode.Open, LoadMode.Closed })
        {
            Show($"{rate,3}/s {mode}, requests lost", [.. runs.Where(run => run.Mode == mode && !Late.Contains(run.Plan.Kind))]);
            Show($"{rate,3}/s {mode}, answers late", [.. runs.Where(run => run.Mode == mode && Late.Contains(run.Plan.Kind))]);
        }

        var errors = runs.SelectMany(run => Errors(run).OfType<double>().Select(error => (run, Share: error / run.Resolution))).ToList();
        var off = errors.Where(error => error.Share > 1).ToList();
        Assert.True(
            off.Count <= errors.Count / 20,
            $"{off.Count} of {errors.Count} are off by more than they may: {string.Join("; ", off.OrderByDescending(error => error.Share).Take(8).Select(error => Describe(error.run)))}"
        );
        var blind = runs.Where(run => run["steady"].Kind == MeasuredKind.NotNeeded && run.Plan.Back - run.Plan.From > run.Resolution)
            .ToList();
        Assert.True(blind.Count <= runs.Count / 100, $"harm was not seen: {string.Join("; ", blind.Take(8).Select(Describe))}");
    }

    [Theory]
    [InlineData(LoadMode.Open, true)]
    [InlineData(LoadMode.Open, false)]
    [InlineData(LoadMode.Closed, true)]
    [InlineData(LoadMode.Closed, false)]
    internal async Task Outage_is_the_same_under_answers_of_10_and_of_1000_tokens(LoadMode mode, bool stream)
    {
        double[] answers = [0.04, 4];
        var plan = OutagePlan.Of(OutageKind.Sudden, 30, new Random(1)) with { Down = [[(30, 32.5)]], Until = 32.5, Back = 32.5 };

        var runs = await Simulation.AllAsync(2, i =>
            SimulatedRun.Of(
                plan,
                Spec(60, mode == LoadMode.Closed ? 500 : 50, mode, 50, i) with
                {
                    Stream = stream,
                    Arrivals = Arrivals.Constant,
                    RetryDelay = TimeSpan.FromSeconds(0.05),
                },
                30.01,
                seed: 7,
                answers[i],
                issuedBefore: 0.01
            )
        );

        foreach (var id in new[] { "first_error", "outage", "first_success", "steady" })
        {
            output.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{mode}, {(stream ? "streamed" : "whole")}: {id} {runs[0][id].Seconds:F3} s and {runs[1][id].Seconds:F3} s"
                )
            );
            Assert.InRange(runs[1][id].Seconds, runs[0][id].Seconds - 0.1, runs[0][id].Seconds + 0.1);
        }

        Assert.InRange(runs[0]["outage"].Seconds, 2.4, 2.6);
    }

    [Fact]
    public async Task Without_a_fault_nothing_is_claimed_in_99_of_100_runs_at_any_rate()
    {
        double[] rates = [1, 2, 5, 10, 50, 120];
        var runs = await Simulation.AllAsync(300, seed => Run(OutageKind.None, rates[seed % rates.Length], seed));

        string[] claims = ["first_error", "last_error", "outage", "harmed", "steady", "downtime_from_losses"];
        var claimed = runs.Where(run => claims.Any(id => run[id].Kind is MeasuredKind.Value or MeasuredKind.Censored)).ToList();
        output.WriteLine($"no fault: {claimed.Count} of {runs.Count} runs claim harm");
        Assert.True(
            claimed.Count <= runs.Count / 100,
            $"{claimed.Count} claim harm: {string.Join("; ", claimed.Select(run => string.Join(' ', claims.Select(id => run[id].ToCell()))))}"
        );
    }

    private static SimulatedRun Run(OutageKind kind, double rate, int seed)
    {
        var random = new Random(seed);
        var mode = random.Next(2) == 0 ? LoadMode.Closed : LoadMode.Open;
        var clients = Math.Clamp((int)Math.Round(Math.Pow(50, random.NextDouble())), 1, 50);
        // A closed loop's clients cannot ask for more than they get answers: so many clients, so long an answer at most.
        var longest = mode == LoadMode.Closed ? Math.Min(10, 0.5 * clients / rate) : 10;
        var latency = 0.02 * Math.Pow(Math.Max(1, longest / 0.02), random.NextDouble());
        var landed = 8 + ((30 + clients) / rate) + (3 * latency) + random.NextDouble();
        var issuedBefore = kind == OutageKind.SlowDeath ? 5 : SimulatedRun.IssuedBefore;
        var plan = OutagePlan.Of(kind, landed + (kind == OutageKind.SlowDeath ? 0 : 0.001), random);
        var end = (kind == OutageKind.None ? landed : plan.Until) + 7 + (30 / rate) + latency;
        // Long waits in a closed loop put off what is left of the plan: there must be enough of it.
        var spec = Spec(mode == LoadMode.Closed ? end * 1.2 : end, rate, mode, clients, seed) with
        {
            Stream = kind is OutageKind.SlowDeath or OutageKind.MidStream,
        };
        return SimulatedRun.Of(plan, spec, landed, seed, latency, spread: 0.05 + (0.1 * random.NextDouble()), issuedBefore) with
        {
            Mode = mode,
            Spec = string.Create(CultureInfo.InvariantCulture, $"{mode} {clients} clients, {latency:F2} s"),
            Resolution = Resolution(kind, mode, rate, clients, latency),
        };
    }

    // How finely the truth can be told at all: by four requests of the load; a closed loop's clients, which a failure brings into step,
    // ask once in their period, and not at all while they wait; what is told by late answers holds these answers' own spread; and a
    // stream that had no token yet cannot show that it was still served.
    private static double Resolution(OutageKind kind, LoadMode mode, double rate, int clients, double latency) =>
        0.06
        + (4 / rate)
        + (mode == LoadMode.Closed ? (1.2 * clients / rate) + (kind == OutageKind.Hang ? 5.1 : 0) : 0)
        + (
            kind switch
            {
                OutageKind.Stall or OutageKind.Cold => 0.5,
                OutageKind.SlowDeath => 0.1,
                OutageKind.Hang => 0.1,
                _ => 0.02,
            } * latency
        );

    private static LoadSpec Spec(double seconds, double rate, LoadMode mode, int clients, int seed) => new()
    {
        Mode = mode,
        Arrivals = seed % 2 == 0 ? Arrivals.Constant : Arrivals.Poisson,
        Clients = clients,
        RatePerClient = rate / clients,
        RequestsPerClient = Math.Max(2, (int)(seconds * rate / clients)),
        RetryDelay = TimeSpan.FromSeconds(Math.Min(1, clients / rate)),
        Timeout = TimeSpan.FromSeconds(60),
        StallTimeout = TimeSpan.FromSeconds(60),
        MaxOutstanding = 10_000,
        Seed = seed,
        OutputTokens = 20,
    };

    // Truth and measure; what a kind has no truth for is left out.
    private static double?[] Errors(SimulatedRun run)
    {
        var plan = run.Plan;
        double? Off(string id, double? truth) =>
            truth is { } known && run[id].Kind == MeasuredKind.Value ? Math.Abs(run[id].Seconds - known) : null;
        var whole = plan.Kind is OutageKind.Sudden or OutageKind.SlowDeath or OutageKind.Aftershocks or OutageKind.Cold;
        return
        [
            Off("outage", whole || plan.Kind == OutageKind.Stall ? plan.Back - plan.From : null),
            Off("first_success", whole ? plan.Back - run.Ordered : null),
            Off("harmed", plan.Until - plan.From),
            Off("steady", plan.Until - run.Ordered),
        ];
    }

    private static string Describe(SimulatedRun run) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{run.Plan.Kind} {run.Plan.From - run.Ordered:F3} to {run.Plan.Back - run.Ordered:F3}, {run.Plan.Until - run.Ordered:F3}; "
        )
        + string.Join(
            ' ',
            new[] { "first_error", "first_success", "last_error", "outage", "harmed", "steady" }.Select(id => $"{id} {run[id].ToCell()}")
        )
        + $" {run.Spec}";

    private void Show(string what, IReadOnlyCollection<SimulatedRun> runs)
    {
        string[] names = ["outage", "first success", "harmed", "steady"];
        var errors = runs.Select(Errors).ToList();
        var p95 = names
            .Select((_, i) => errors.Select(error => error[i]).OfType<double>().Order().ToList())
            .Select(known => known.Count == 0 ? double.NaN : known[(int)Math.Ceiling(0.95 * known.Count) - 1])
            .ToList();
        var text = names.Select(
            (name, i) => double.IsNaN(p95[i]) ? $"{name} –" : string.Create(CultureInfo.InvariantCulture, $"{name} {1000 * p95[i]:F0} ms")
        );
        output.WriteLine(
            $"{what}: error at p95 of {string.Join(", ", text)}; {runs.Count(run => run["steady"].Kind == MeasuredKind.Value)} of {runs.Count} known"
        );
    }
}
