using System.Globalization;
using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Storage;

namespace FaultTolerance.LocalCluster.Controllers;

/// <summary>What a job's pods come to; pure.</summary>
/// <param name="Active">Pods that have not ended, the dying left out.</param>
/// <param name="Ready">Those of them that are ready.</param>
/// <param name="Terminating">Pods that are dying.</param>
/// <param name="Succeeded">Pods (or indexes) that succeeded.</param>
/// <param name="Failed">Pods that failed.</param>
/// <param name="Wanted">How many pods should be active now.</param>
/// <param name="IsComplete">Enough have succeeded.</param>
/// <param name="Free">The numbers that pods can be made for, each once.</param>
/// <param name="LastFailure">When the last pod failed.</param>
/// <param name="Failure">Why the job has failed; null when it has not.</param>
internal sealed record JobCount(
    int Active, int Ready, int Terminating, int Succeeded, int Failed, int Wanted, bool IsComplete, IEnumerable<int> Free,
    DateTimeOffset? LastFailure,
    (string Reason, string Message)? Failure)
{
    private const string IndexLabel = "batch.kubernetes.io/job-completion-index";

    /// <summary>Counts.</summary>
    public static JobCount Of(JsonObject job, List<JsonObject> pods, DateTimeOffset now)
    {
        var indexed = job.Text("spec", "completionMode") == "Indexed";
        var active = pods.Where(pod => !PodFactory.HasEnded(pod) && !pod.IsDying()).ToList();
        var done = pods.Where(pod => pod.Text("status", "phase") == "Succeeded").ToList();
        var failed = pods.Where(pod => pod.Text("status", "phase") == "Failed").ToList();
        var succeeded = indexed ? done.Select(IndexOf).Distinct().Count() : done.Count;
        var completions = (int?)job.Number("spec", "completions");
        var parallelism = (int)(job.Number("spec", "parallelism") ?? 1);

        // Without a number of completions, the first success means that the work is done; the others only end.
        var complete = completions is { } goal ? succeeded >= goal : succeeded > 0 && active.Count == 0;
        var wanted = completions is { } all ? Math.Min(parallelism, all - succeeded) : succeeded > 0 ? active.Count : parallelism;
        var taken = active.Concat(done).Select(IndexOf).ToHashSet();
        var numbers = Enumerable.Range(0, indexed ? completions ?? 0 : int.MaxValue);
        return new(
            active.Count, active.Count(pod => pod.IsReady()), pods.Count(pod => pod.IsDying() && !PodFactory.HasEnded(pod)), succeeded,
            failed.Count,
            Math.Max(0, wanted), complete, indexed ? numbers.Where(number => !taken.Contains(number)) : numbers,
            failed.Select(EndOf).Max(), FailureOf(job, active, failed.Count, now));
    }

    private static (string, string)? FailureOf(JsonObject job, List<JsonObject> active, int failed, DateTimeOffset now)
    {
        // Where a pod's containers are restarted in it, their restarts count as its failures do.
        var restarts = job.Text("spec", "template", "spec", "restartPolicy") == "OnFailure"
            ? active.Sum(pod => pod.Maps("status", "containerStatuses").Sum(container => container.Number("restartCount") ?? 0))
            : 0;
        return failed + restarts > (job.Number("spec", "backoffLimit") ?? 6)
            ? ("BackoffLimitExceeded", "Job has reached the specified backoff limit")
            : job.Number("spec", "activeDeadlineSeconds") is { } seconds && Stamp.Parse(job.Text("status", "startTime")) is { } started
                && now >= started.AddSeconds(seconds)
                ? ("DeadlineExceeded", "Job was active longer than specified deadline")
            : null;
    }

    private static int IndexOf(JsonObject pod) =>
        int.TryParse(pod.Text("metadata", "labels", IndexLabel), NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index
            : -1;

    private static DateTimeOffset? EndOf(JsonObject pod) =>
        pod.Maps("status", "containerStatuses").Select(container => Stamp.Parse(container.Text("state", "terminated", "finishedAt"))).Max();
}
