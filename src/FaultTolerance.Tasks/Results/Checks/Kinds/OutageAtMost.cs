using System.Text.Json.Nodes;
using FaultTolerance.Results.Recovery;
using FaultTolerance.Scenarios;
using FaultTolerance.Scenarios.Reading;

namespace FaultTolerance.Results.Checks.Kinds;

/// <summary>The longest span in which requests went unanswered, seconds.</summary>
internal sealed class OutageAtMost : ICheck
{
    public string Key => "outageAtMost";

    public string UnknownWhen => "the load ended inside an outage that is shorter so far";

    public JsonObject Schema => Limits.Number("Longest span in which requests went unanswered, seconds.", Limits.MostSeconds);

    public IEnumerable<CheckSpec> Read(ObjectReader item) => [new CheckSpec(Key) { AtMost = item.Number(Key, 0, 0, Limits.MostSeconds) }];

    public bool IsWhole(CheckSpec check) => check.AtMost is not null;

    public string Asked(CheckSpec check) => $"outage at most {Finding.Number(check.AtMost)} s";

    public Finding Judge(ScenarioResult row, CheckSpec check)
    {
        var outage = row.Recovery.IsEmpty && row.IsFaultFree ? WholeLoad(row) : row.Recovered(Outage.Key);
        return Limits.AtMost(outage, check.AtMost!.Value, "outage");
    }

    private static Measured WholeLoad(ScenarioResult row)
    {
        var requests = RequestSample.Of(row.Attempts);
        return requests.Length == 0 ? Measured.Unknown
            : Outage.OfAll.Measure(new RecoveryInput { Zero = requests[0].Start, Requests = requests });
    }
}
