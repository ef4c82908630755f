using System.Text.Json.Nodes;
using FaultTolerance.Scenarios;
using FaultTolerance.Scenarios.Reading;
using static FaultTolerance.Results.Checks.Finding;

namespace FaultTolerance.Results.Checks.Kinds;

/// <summary>Share of the load's requests within its goodput limits, 0 to 1.</summary>
internal sealed class GoodputAtLeast : ICheck
{
    /// <inheritdoc/>
    public string Key => "goodputAtLeast";

    /// <inheritdoc/>
    public string UnknownWhen => "the load says no `goodput`";

    /// <inheritdoc/>
    public JsonObject Schema => Limits.Number("Share of the requests within the limits that the load's goodput says.", 1);

    /// <inheritdoc/>
    public IEnumerable<CheckSpec> Read(ObjectReader item) => [new CheckSpec(Key) { AtLeast = item.Number(Key, 0, 0, 1) }];

    /// <inheritdoc/>
    public bool IsWhole(CheckSpec check) => check.AtLeast is not null;

    /// <inheritdoc/>
    public string Asked(CheckSpec check) => $"goodput at least {Number(100 * check.AtLeast)} %";

    /// <inheritdoc/>
    public Finding Judge(ScenarioResult row, CheckSpec check) =>
        row.Numbers?.Whole is not { Good: { } good, Goodput: { } share } whole
            ? Unknown("the load says no goodput limits")
            : Of(share >= check.AtLeast, $"{good} of {whole.Requests}, {Number(Math.Round(100 * share, 2))} %");
}
