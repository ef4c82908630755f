using System.Collections.Immutable;
using FaultTolerance.Results.Checks.Kinds;
using FaultTolerance.Results.Recovery;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Results.Checks;

/// <summary>
/// The reference suite's own bars, by which every row is judged where scenarios.json does not ask for others: a baseline answers
/// everything; with more than one decode replica 90 % of the requests after the fault are answered and clients are
/// answered again within 60 s; with one it is 10 % and 180 s. A load that is shorter than the suite's hundred seconds has its seconds
/// shortened alike.
/// </summary>
internal static class DefaultBars
{
    private const double ReferenceSeconds = 100;

    /// <summary>A row's bars.</summary>
    public static ImmutableArray<CheckSpec> Of(Scenario scenario)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        var healthy = Bar(new CheckSpec(GeneratorHealthy.Name));
        if (scenario.Failure.Faults.IsEmpty)
        {
            return [Bar(new CheckSpec(SuccessAfterAtLeast.Name) { AtLeast = 1 }), healthy];
        }

        var (share, seconds) = scenario.Deployment.Replicas > 1 ? (0.9, 60.0) : (0.1, 180.0);
        var load = scenario.Load.RequestsPerClient / scenario.Load.RatePerClient;
        return
        [
            Bar(new CheckSpec(SuccessAfterAtLeast.Name) { AtLeast = share }),
            Bar(
                new CheckSpec(RecoveryAtMost.Name)
                {
                    Subject = FirstSuccess.Key,
                    AtMost = Math.Round(seconds * Math.Min(1, load / ReferenceSeconds), 1),
                }
            ),
            healthy,
        ];
    }

    private static CheckSpec Bar(CheckSpec check) => check with { IsDefault = true };
}
