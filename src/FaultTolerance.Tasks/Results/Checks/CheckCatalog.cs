using System.Collections.Immutable;
using FaultTolerance.Results.Checks.Kinds;
using FaultTolerance.Results.Measures;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Results.Checks;

/// <summary>All checks, each once, in the order in which a row's are told.</summary>
internal sealed record CheckCatalog
{
    private CheckCatalog(ImmutableArray<ICheck> all) => All = all;

    /// <summary>The checks that every scenarios.json may ask for.</summary>
    public static CheckCatalog Default { get; } = Of(MeasureCatalog.Default);

    internal ImmutableArray<ICheck> All { get; private init; }

    /// <summary>What scenarios.json may say of checks.</summary>
    public ScenarioVocabulary Vocabulary => new() { Checks = [.. All], DefaultChecks = DefaultBars.Of };

    /// <summary>The checks where these are the measures.</summary>
    public static CheckCatalog Of(MeasureCatalog measures)
    {
        ArgumentNullException.ThrowIfNull(measures);
        return new([
            new OutageAtMost(),
            new LostAtMost(),
            new SuccessAfterAtLeast(),
            new RecoveryAtMost(measures.Recovery),
            new LatencyAgainstBefore(),
            new NoRestartElsewhere(),
            new LogCheck(),
            new MetricCheck(),
            new GeneratorHealthy(),
            new SuccessAtLeast(),
            new RequestsAtLeast(),
            new CounterCheck(),
            new LogLines(),
            new MemoryGrowth(),
            new NoCascade(),
            new HealthWithin(again: false),
            new HealthWithin(again: true),
            new TokenPauseAtMost(),
            new NoRestartIn(),
            new AllPodsNew(),
            new UpstreamSet(),
            new GoodputAtLeast(),
            new ContinuityAtLeast(),
            new ProcessCount(),
            new HealthEndpoint(),
        ]);
    }

    /// <summary>Tells by a service's name whether something has to be gathered of it for a row's checks; null where of none.</summary>
    /// <param name="need">What.</param>
    /// <param name="checks">The row's checks.</param>
    internal Func<string, bool>? ServicesFor(CheckNeed need, IEnumerable<CheckSpec> checks)
    {
        string[] services = [.. checks.Where(check => Find(check.Kind)?.Needs == need).Select(check => check.Service ?? "*")];
        return services.Length == 0 ? null : service => Array.Exists(services, glob => Glob.Matches(glob, service));
    }

    /// <summary>The same with one check more.</summary>
    internal CheckCatalog With(ICheck check) => this with { All = All.Add(check) };

    /// <summary>The check of that kind; null where there is none.</summary>
    internal ICheck? Find(string? kind) => All.FirstOrDefault(check => check.Kinds.Any(own => own == kind));
}
