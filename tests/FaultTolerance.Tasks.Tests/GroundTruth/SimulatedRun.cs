using System.Globalization;
using FaultTolerance.Artefacts;
using FaultTolerance.Artefacts.Events;
using FaultTolerance.Load;
using FaultTolerance.Results;
using FaultTolerance.Results.Recovery;
using FaultTolerance.Runs;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Tests.GroundTruth;

/// <summary>One scenario through the real generator and the real parser, on the simulated clock.</summary>
/// <param name="Plan">The truth.</param>
/// <param name="Ordered">When the fault was ordered, seconds on the simulated clock: zero of the measures.</param>
/// <param name="Result">What the artefacts say.</param>
internal sealed record SimulatedRun(OutagePlan Plan, double Ordered, ScenarioResult Result)
{
    /// <summary>Between a fault's command and its proof, seconds.</summary>
    public const double IssuedBefore = 0.02;

    /// <summary>The load, for people.</summary>
    public string Spec { get; init; } = "";

    /// <summary>Its loop.</summary>
    public LoadMode Mode { get; init; }

    /// <summary>How finely its truth can be told, seconds.</summary>
    public double Resolution { get; init; }

    public Measured this[string measure] => Result.Recovery.Single(pair => pair.Name == measure).Value;

    /// <summary>The true length of the outage.</summary>
    public double Outage => Plan.Until - Plan.From;

    /// <summary>The true time from the fault's order to the last harm.</summary>
    public double Recovery => Plan.Until - Ordered;

    /// <summary>Runs. Not asynchronous: the simulation has this one thread.</summary>
    public static SimulatedRun Of(
        OutagePlan plan,
        LoadSpec spec,
        double landed,
        int seed,
        double latency = 0.04,
        double spread = 0.15,
        double issuedBefore = IssuedBefore,
        bool inStep = false
    )
    {
        var run = Directory.CreateTempSubdirectory("ground-truth-").FullName;
        try
        {
            var folder = ScenarioFolder.In(run, "sim-decode_worker");
            Directory.CreateDirectory(folder.Path);
            var time = new SimulatedTime();
            using (var timeline = new TimelineWriter(folder.Timeline, RunClock.Start(time)))
            {
                time.At(landed - issuedBefore, () => timeline.Write(new FaultIssued { Id = "1" }));
                time.At(landed, () => timeline.Write(new FaultLanded { Id = "1" }));
                var service = new SimulatedService(time, plan, new Random(seed), latency, spread, spec.Stream ? 20 : 0);
                var load = LoadGenerator.Start(
                    spec,
                    "m",
                    service,
                    folder,
                    timeline,
                    new()
                    {
                        Background = static work => work(),
                        Preconnect = false,
                        Spread = !inStep,
                    }
                );
                var totals = time.Run(load.Completion);
                Assert.Equal(spec.Planned, totals.Planned);
                Assert.Equal(0, totals.NotSent);
                Assert.True(load.DisposeAsync().AsTask().Wait(TimeSpan.FromMinutes(1)), "the load was not disposed of");
            }

            WriteTestLog(folder, time, landed - issuedBefore);
            return new(plan, landed - issuedBefore, RunParser.Parse(run).Scenarios.Single());
        }
        finally
        {
            Directory.Delete(run, recursive: true);
        }
    }

    private static void WriteTestLog(ScenarioFolder folder, SimulatedTime time, double fault)
    {
        string Stamp(double at) => RunClock.FormatLegacy(time.GetUtcNow().AddTicks(-time.GetTimestamp()).AddSeconds(at));
        File.WriteAllText(folder.TestLog, string.Create(CultureInfo.InvariantCulture, $"""
            [TEST] {Stamp(0)} INFO root: Starting Deployment fault-tolerance-test with spec
            [TEST] {Stamp(0)} INFO root: Deployment fault-tolerance-test is ready
            [TEST] {Stamp(fault)} INFO root: Injecting failure for: Failure(time=10)

            """));
    }
}
