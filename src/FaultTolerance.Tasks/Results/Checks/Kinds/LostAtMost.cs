using System.Text.Json.Nodes;
using FaultTolerance.Scenarios;
using FaultTolerance.Scenarios.Reading;

namespace FaultTolerance.Results.Checks.Kinds;

/// <summary>Requests that failed after the fault.</summary>
internal sealed class LostAtMost : ICheck
{
    public string Key => "lostAtMost";

    public string UnknownWhen => "no request ended after the order";

    public JsonObject Schema =>
        new()
        {
            ["type"] = "integer",
            ["description"] = "Requests that failed after the fault.",
            ["minimum"] = 0,
            ["maximum"] = int.MaxValue,
        };

    public IEnumerable<CheckSpec> Read(ObjectReader item) => [new CheckSpec(Key) { AtMost = item.Int(Key, 0, 0, int.MaxValue) }];

    public bool IsWhole(CheckSpec check) => check.AtMost is not null;

    public string Asked(CheckSpec check) => $"lost requests at most {Finding.Number(check.AtMost)}";

    public Finding Judge(ScenarioResult row, CheckSpec check)
    {
        if (RequestsAfter.Of(row) is not { Count: > 0 } after)
        {
            return Finding.Unknown(RequestsAfter.Missing(row));
        }

        var lost = after.Count(request => !request.Ok);
        return Finding.Of(
            lost <= check.AtMost,
            $"{lost} of {after.Count} requests {(row.IsFaultFree ? "" : "that ended after the fault ")}failed"
        );
    }
}
