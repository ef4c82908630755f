using System.Text.Json.Nodes;
using FaultTolerance.Results.Statistics;
using FaultTolerance.Scenarios;
using FaultTolerance.Scenarios.Reading;
using static FaultTolerance.Results.Checks.Finding;

namespace FaultTolerance.Results.Checks.Kinds;

/// <summary>So many requests at least were answered over the whole row: a share of few says little.</summary>
internal sealed class RequestsAtLeast : ICheck
{
    /// <inheritdoc/>
    public string Key => "requestsAtLeast";

    public string UnknownWhen => "no request was sent";

    public JsonObject Schema => new()
    {
        ["type"] = "integer",
        ["description"] = "Fewest requests of the whole row that are answered.",
        ["minimum"] = 1,
        ["maximum"] = int.MaxValue,
    };

    public IEnumerable<CheckSpec> Read(ObjectReader item) => [new CheckSpec(Key) { AtLeast = item.Int(Key, 1, 1, int.MaxValue) }];

    public bool IsWhole(CheckSpec check) => check.AtLeast is not null;

    public string Asked(CheckSpec check) => $"answered requests at least {Number(check.AtLeast)}";

    public Finding Judge(ScenarioResult row, CheckSpec check) => row.Books.Sent == 0
        ? Unknown("no request was sent") : Of(row.Books.Succeeded >= check.AtLeast, $"{row.Books.Succeeded} of {row.Books.Sent} answered");
}

/// <summary>Share of all requests of the row that succeeded, 0 to 1, those before the fault too.</summary>
internal sealed class SuccessAtLeast : ICheck
{
    /// <summary>Its key in scenarios.json.</summary>
    public const string Name = "successAtLeast";

    /// <inheritdoc/>
    public string Key => Name;

    public string UnknownWhen => "no request that tells of the service ended";

    public JsonObject Schema => Limits.Number("Share of all requests of the row that succeeded, those before the fault too.", 1);

    public IEnumerable<CheckSpec> Read(ObjectReader item) => [new CheckSpec(Key) { AtLeast = item.Number(Key, 0, 0, 1) }];

    public bool IsWhole(CheckSpec check) => check.AtLeast is not null;

    public string Asked(CheckSpec check) => $"success over the row at least {Number(100 * check.AtLeast)} %";

    public Finding Judge(ScenarioResult row, CheckSpec check)
    {
        var (good, all) = (row.Books.Succeeded, row.Books.Succeeded + row.Books.Failed);
        if (all == 0)
        {
            return Unknown("no request that tells of the service ended");
        }

        var (low, high) = Wilson.Interval(good, all);
        return Of(
            (double)good / all >= check.AtLeast,
            $"{good} of {all}, {Number(100.0 * good / all)} % "
            + $"(95 % interval {Number(Math.Round(100 * low, 2))} to {Number(Math.Round(100 * high, 2))} %)");
    }
}
