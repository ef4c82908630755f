using System.Text.Json.Nodes;
using FaultTolerance.Results;
using FaultTolerance.Results.Checks;
using FaultTolerance.Scenarios;
using FaultTolerance.Scenarios.Reading;

namespace FaultTolerance.Tests.Results.Checks;

/// <summary>A check that the product does not have: how many attempts a row needed.</summary>
internal sealed class AttemptsAtMost : ICheck
{
    public string Key => "attemptsAtMost";

    public JsonObject Schema => new() { ["type"] = "integer", ["description"] = "Attempts of the whole load.", ["minimum"] = 0 };

    public IEnumerable<CheckSpec> Read(ObjectReader item) => [new CheckSpec(Key) { AtMost = item.Int(Key, 0, 0, int.MaxValue) }];

    public bool IsWhole(CheckSpec check) => check.AtMost is not null;

    public string Asked(CheckSpec check) => $"attempts at most {Finding.Number(check.AtMost)}";

    public Finding Judge(ScenarioResult row, CheckSpec check) =>
        Finding.Of(row.Books.Attempts <= check.AtMost, $"{row.Books.Attempts} attempts");
}
