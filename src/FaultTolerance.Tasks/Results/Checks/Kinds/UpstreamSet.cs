using System.Text.Json.Nodes;
using FaultTolerance.Scenarios;
using FaultTolerance.Scenarios.Reading;

namespace FaultTolerance.Results.Checks.Kinds;

/// <summary>
/// Upstream's default thresholds as one key: 90 % of all requests succeed, no worker panics, no restart but where a fault hit, and no
/// cascade. A later entry that asks for one of them otherwise decides.
/// </summary>
internal sealed class UpstreamSet : ICheck
{
    private const double Share = 0.9;

    /// <summary>What a worker of Dynamo writes when it panics.</summary>
    private const string Panic = "thread '.*' panicked at";

    public string Key => "upstream";

    public System.Collections.Immutable.ImmutableArray<string> Kinds => [];

    public JsonObject Schema => new()
    {
        ["type"] = "boolean",
        ["description"] = "Upstream's default thresholds: successAtLeast 0.9, no log line with a worker's panic, noRestartElsewhere, "
            + "cascadeAtMost 5.",
    };

    /// <summary>The checks of the set.</summary>
    public static IEnumerable<CheckSpec> All =>
    [
        new CheckSpec(SuccessAtLeast.Name) { AtLeast = Share },
        new CheckSpec(LogLines.Count) { Service = "*", Subject = Panic, AtMost = 0 },
        new CheckSpec(NoRestartElsewhere.Name),
        new CheckSpec(NoCascade.Name) { AtMost = NoCascade.UpstreamRise },
    ];

    public IEnumerable<CheckSpec> Read(ObjectReader item) => item.Bool(Key, false) ? All : [];

    public bool IsWhole(CheckSpec check) => false;

    public string Asked(CheckSpec check) => "upstream's thresholds";

    public Finding Judge(ScenarioResult row, CheckSpec check) => Finding.Unknown("each check of the set is judged by itself");
}
