using System.Text.Json.Nodes;
using FaultTolerance.Results.Statistics;
using FaultTolerance.Scenarios;
using FaultTolerance.Scenarios.Reading;
using static FaultTolerance.Results.Checks.Finding;

namespace FaultTolerance.Results.Checks.Kinds;

/// <summary>Share of the requests after the fault that succeeded, 0 to 1.</summary>
internal sealed class SuccessAfterAtLeast : ICheck
{
    /// <summary>Its key in scenarios.json.</summary>
    public const string Name = "successAfterAtLeast";

    /// <inheritdoc/>
    public string Key => Name;

    public string UnknownWhen => "no request ended after the order";

    public JsonObject Schema => Limits.Number("Share of the requests after the fault that succeeded.", 1);

    public IEnumerable<CheckSpec> Read(ObjectReader item) => [new CheckSpec(Key) { AtLeast = item.Number(Key, 0, 0, 1) }];

    public bool IsWhole(CheckSpec check) => check.AtLeast is not null;

    public string Asked(CheckSpec check) => $"success after the fault at least {Number(100 * check.AtLeast)} %";

    public Finding Judge(ScenarioResult row, CheckSpec check)
    {
        if (RequestsAfter.Of(row) is not { Count: > 0 } after)
        {
            return Unknown(RequestsAfter.Missing(row));
        }

        var good = after.Count(request => request.Ok);
        var (low, high) = Wilson.Interval(good, after.Count);
        var interval = $"95 % interval {Number(Math.Round(100 * low, 2))} to {Number(Math.Round(100 * high, 2))} %";
        return Of(
            (double)good / after.Count >= check.AtLeast,
            $"{good} of {after.Count}, {Number(100.0 * good / after.Count)} % ({interval})"
        );
    }
}
