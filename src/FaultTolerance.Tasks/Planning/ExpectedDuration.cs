using System.Globalization;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Planning;

/// <summary>About how long a scenario takes: an estimate for plans, never a limit.</summary>
internal static class ExpectedDuration
{
    // What the published tables give as start-up of a graph with a real engine.
    private const double RealEngineStart = 150;

    // Pods and images, the collection, and the pods' end.
    private const double Around = 5;

    /// <summary>
    /// Start-up (the stand-in's settings where the profile has them and the image is not another one, else 150 s), the load at its
    /// rate, and a few seconds around the two.
    /// </summary>
    public static TimeSpan Of(Scenario scenario)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        return scenario.Deployment.Url is not null ? OfLoad(scenario.Load)
            : TimeSpan.FromSeconds(Around + Startup(scenario.Deployment)) + OfLoad(scenario.Load);
    }

    /// <summary>The planned requests of a client at its rate.</summary>
    public static TimeSpan OfLoad(LoadSpec load)
    {
        ArgumentNullException.ThrowIfNull(load);
        if (load.RateSearch is { } search)
        {
            // All steps and the row's own load; most searches end earlier.
            var steps = search.Steps * search.StepSeconds;
            return TimeSpan.FromSeconds(search.StepSeconds + (search.Limit is { } limit ? Math.Min(limit.TotalSeconds, steps) : steps));
        }

        return TimeSpan.FromSeconds(load.RequestsPerClient / load.RatePerClient);
    }

    private static double Startup(Deployment deployment)
    {
        double? Setting(string name) =>
            deployment.Overlay.Environment.TryGetValue(name, out var text)
            && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) ? seconds : null;
        return deployment.Image is null && Setting("STANDIN_ENGINE_START_SECONDS") is { } engine
            ? engine + (Setting("STANDIN_FRONTEND_START_SECONDS") ?? 0)
            : RealEngineStart;
    }
}
