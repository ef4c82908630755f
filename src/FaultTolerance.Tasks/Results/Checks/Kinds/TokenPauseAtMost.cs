using System.Text.Json.Nodes;
using FaultTolerance.Artefacts;
using FaultTolerance.Scenarios;
using FaultTolerance.Scenarios.Reading;
using static FaultTolerance.Results.Checks.Finding;

namespace FaultTolerance.Results.Checks.Kinds;

/// <summary>
/// The longest pause between two tokens of a stream that was answered in the end, seconds: what a migration costs its reader.
/// </summary>
internal sealed class TokenPauseAtMost : ICheck
{
    public string Key => "tokenPauseAtMost";

    public string UnknownWhen => "no streamed answer has two tokens";

    public JsonObject Schema => Limits.Number(
        "Longest pause between two tokens of a streamed answer that succeeded, seconds.", Limits.MostSeconds);

    public IEnumerable<CheckSpec> Read(ObjectReader item) => [new CheckSpec(Key) { AtMost = item.Number(Key, 0, 0, Limits.MostSeconds) }];

    public bool IsWhole(CheckSpec check) => check.AtMost is not null;

    public string Asked(CheckSpec check) => $"longest pause of a token stream at most {Number(check.AtMost)} s";

    public Finding Judge(ScenarioResult row, CheckSpec check)
    {
        Attempt? worst = null;
        foreach (var chunk in row.Attempts.SelectMany(client => client.Chunks()))
        {
            foreach (ref readonly var attempt in chunk.Span)
            {
                if (attempt is { IsLast: true, Outcome: Outcome.Ok, InterTokenMax: > 0 }
                    && attempt.InterTokenMax > (worst?.InterTokenMax ?? 0))
                {
                    worst = attempt;
                }
            }
        }

        return worst is { } found
            ? Of(
                found.InterTokenMax <= check.AtMost,
                $"{Number(Math.Round(found.InterTokenMax, 4))} s in client {found.Client}, request {found.Request}")
            : Unknown("no streamed answer has two tokens");
    }
}
