using System.Text.Json.Nodes;
using FaultTolerance.Artefacts.Events;
using FaultTolerance.Runs;
using FaultTolerance.Scenarios;
using FaultTolerance.Scenarios.Reading;
using static FaultTolerance.Results.Checks.Finding;

namespace FaultTolerance.Results.Checks.Kinds;

/// <summary>
/// How soon a pod that was hit is told to be unhealthy (its readiness probe, which asks the health endpoint, fails) after a fault's proof,
/// or healthy again after its end. Seen through the kubelet: the probe's period is in it.
/// </summary>
/// <param name="again">Whether it is the return that is judged.</param>
internal sealed class HealthWithin(bool again) : ICheck
{
    /// <inheritdoc/>
    public string Key => again ? "healthyAgainWithin" : "unhealthyWithin";

    public bool NeedsFault => true;

    public string UnknownWhen => "the timeline does not tell of the pod, or the observation ended first";

    public JsonObject Schema => Limits.Number(
        again ? "Seconds after a fault's end within which every pod that it hit passes its readiness probe (health endpoint 200) again."
            : "Seconds after a fault's proof within which every pod that it hit fails its readiness probe (health endpoint 503).",
        Limits.MostSeconds);

    public IEnumerable<CheckSpec> Read(ObjectReader item) => [new CheckSpec(Key) { AtMost = item.Number(Key, 0, 0, Limits.MostSeconds) }];

    public bool IsWhole(CheckSpec check) => check.AtMost is not null;

    public string Asked(CheckSpec check) => again
        ? $"pods that were hit healthy again within {Number(check.AtMost)} s of the fault's end"
        : $"pods that were hit unhealthy within {Number(check.AtMost)} s";

    public Finding Judge(ScenarioResult row, CheckSpec check)
    {
        var file = new ScenarioFolder(row.Folder).Timeline;
        var starts = row.Timeline.OfType<FaultEvent>()
            .Where(item => item.Uid is not null && (again ? item is FaultHealed : item is FaultLanded)).ToList();
        if (starts.Count == 0)
        {
            return Unknown(again ? "no fault on a pod was undone" : "no fault landed on a pod");
        }

        var worst = TimeSpan.Zero;
        foreach (var start in starts)
        {
            var changes = row.Timeline.OfType<PodChanged>()
                .Where(item => item.Uid == start.Uid && item.Change is PodChange.Ready or PodChange.NotReady).ToList();
            var state = changes.LastOrDefault(item => item.At <= start.At)?.Change;
            var next = changes.FirstOrDefault(item => item.At > start.At && item.Change == (again ? PodChange.Ready : PodChange.NotReady));
            if (state is null)
            {
                return Unknown($"the timeline does not tell whether {start.Pod} was ready");
            }

            if (next is null && again && state == PodChange.Ready)
            {
                continue;
            }

            var seen = TimeSpan.FromTicks((next?.Happened ?? row.Timeline[^1].At) - start.At);
            if (seen.TotalSeconds > check.AtMost)
            {
                return Of(false, $"{start.Pod}: {(next is null ? "not within " : "")}{Number(Math.Round(seen.TotalSeconds, 2))} s", file);
            }

            if (next is null)
            {
                return Unknown($"{start.Pod}: the observation ended after {Number(Math.Round(seen.TotalSeconds, 2))} s");
            }

            worst = seen > worst ? seen : worst;
        }

        return Of(true, $"at most {Number(Math.Round(worst.TotalSeconds, 2))} s, of {starts.Count} pods", file);
    }
}
