using System.Text.Json.Nodes;
using FaultTolerance.Results.Recovery;
using FaultTolerance.Scenarios;
using FaultTolerance.Scenarios.Reading;

namespace FaultTolerance.Results.Checks.Kinds;

/// <summary>The longest span in which no client got an answer, seconds.</summary>
internal sealed class OutageAtMost : ICheck
{
    public string Key => "outageAtMost";

    public JsonObject Schema => Limits.Number("Longest span in which no client got an answer, seconds.", Limits.MostSeconds);

    public IEnumerable<CheckSpec> Read(ObjectReader item) => [new CheckSpec(Key) { AtMost = item.Number(Key, 0, 0, Limits.MostSeconds) }];

    public bool IsWhole(CheckSpec check) => check.AtMost is not null;

    public string Asked(CheckSpec check) => $"outage at most {Finding.Number(check.AtMost)} s";

    public Finding Judge(ScenarioResult row, CheckSpec check)
    {
        var gap = row.Recovery.IsEmpty && row.Row.Failure == "none" ? WholeLoad(row) : row.Recovered(LongestGap.Key);
        return Limits.AtMost(gap, check.AtMost!.Value, "longest span without an answer");
    }

    private static Measured WholeLoad(ScenarioResult row)
    {
        var requests = RequestSample.Of(row.Attempts);
        return requests.Length == 0 ? Measured.Unknown
            : LongestGap.OfAll.Measure(new RecoveryInput { Zero = requests.Min(request => request.Start), Requests = requests });
    }
}
