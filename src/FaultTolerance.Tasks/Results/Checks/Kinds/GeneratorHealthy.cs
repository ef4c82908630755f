using FaultTolerance.Artefacts.Events;
using FaultTolerance.Runs;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Results.Checks.Kinds;

/// <summary>The load generator's own figures are within their limits.</summary>
internal sealed class GeneratorHealthy() : Flag(Name, "The load generator's own figures are within their limits.", "load generator healthy")
{
    /// <summary>Its key in scenarios.json.</summary>
    public const string Name = "generatorHealthy";

    public override string UnknownWhen => "it did not tell";

    public override bool JudgesInvalidRows => true;

    public override Finding Judge(ScenarioResult row, CheckSpec check)
    {
        var file = new ScenarioFolder(row.Folder).Timeline;
        return row.Timeline.OfType<LoadHealth>().LastOrDefault() is not { } health
            ? Finding.Unknown("the timeline does not tell of the generator's health")
            : health.Valid switch
            {
                true => Finding.Of(true, $"within its limits (line {health.Line})", file),
                false => Finding.Of(false, $"{string.Join("; ", health.Reasons)} (line {health.Line})", file),
                _ => Finding.Unknown($"line {health.Line} of the timeline does not say whether the load is valid"),
            };
    }
}
