using FaultTolerance.Cluster;
using FaultTolerance.Cluster.Observation;
using FaultTolerance.Load;
using FaultTolerance.Load.Workers;
using k8s.Models;

namespace FaultTolerance.LoadJobs;

/// <summary>Makes the Job of a load, waits for its pods, and removes it.</summary>
/// <param name="session">The cluster; the caller's.</param>
/// <param name="job">The Job.</param>
internal sealed class LoadJobPods(ClusterSession session, LoadJob job)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);
    private string? _uid;

    /// <summary>Makes the Job and its Secret.</summary>
    /// <exception cref="FaultMatrixException">FT0522: the plan is too large.</exception>
    public async Task CreateAsync(WorkerPlan plan, CancellationToken cancellation)
    {
        // Before anything is made.
        PlanFiles.Of(plan);
        var made = await session.CreateAsync(ResourceType.Jobs, job.ToJson(), cancellation);
        _uid = made["metadata"]!["uid"]!.GetValue<string>();
        await session.CreateAsync(ResourceType.Secrets, job.SecretFor(_uid, plan), cancellation);
    }

    /// <summary>Waits until a worker answers in a pod of each index.</summary>
    /// <param name="shares">The clients of each.</param>
    /// <param name="token">The plan's token.</param>
    /// <param name="limit">How long.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="FaultMatrixException">FT0523: one is not there in time.</exception>
    public async Task<LoadPod[]> ReadyAsync(
        IReadOnlyList<ClientShare> shares, string token, TimeSpan limit, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(shares);
        var from = session.Time.GetTimestamp();
        var pods = new LoadPod?[shares.Count];
        try
        {
            while (true)
            {
                var there = await session.ListAsync<V1Pod>(ResourceType.Pods, new Selector($"{LoadJob.Label}={job.Name}"), cancellation);
                foreach (var pod in there.Where(pod => IsRunning(pod) && !pods.Any(known => known?.Name == pod.Metadata.Name)))
                {
                    // Before Kubernetes 1.22 a Job's pods have no index, and any of them may have any share.
                    var index = LoadPod.IndexOf(pod) ?? Array.IndexOf(pods, null);
                    if (index >= 0 && index < pods.Length && pods[index] is null)
                    {
                        pods[index] = await GreetAsync(new LoadPod(session, pod, index, shares[index], token), cancellation);
                    }
                }

                if (pods.All(pod => pod is not null))
                {
                    return pods!;
                }

                if (there.FirstOrDefault(HasEnded) is { } ended)
                {
                    throw new FaultMatrixException("FT0523", $"the load's pod '{ended.Metadata.Name}' ended at once: {Words(ended)}");
                }

                if (session.Time.GetElapsedTime(from) > limit)
                {
                    throw new FaultMatrixException(
                        "FT0523",
                        $"the load's pods were not there within {limit.TotalSeconds:0} s, {pods.Count(pod => pod is not null)} of {pods.Length}"
                        + string.Concat(there.Where(pod => !IsRunning(pod)).Take(3).Select(pod => $"; {pod.Metadata.Name}: {Words(pod)}")));
                }

                await Task.Delay(Look, session.Time, cancellation);
            }
        }
        catch
        {
            foreach (var pod in pods.OfType<LoadPod>())
            {
                await pod.DisposeAsync();
            }

            throw;
        }
    }

    /// <summary>Deletes the Job, if it is still this one; its pods and its Secret go with it.</summary>
    public async Task RemoveAsync(CancellationToken cancellation)
    {
        if (_uid is { } uid)
        {
            await session.DeleteAsync(ResourceType.Jobs, job.Name, new Deletion(Uid: uid), cancellation);
        }
    }

    private static bool IsRunning(V1Pod pod) => pod.Status?.Phase == "Running" && pod.Metadata.DeletionTimestamp is null;

    private static bool HasEnded(V1Pod pod) => pod.Status?.Phase is "Failed" or "Succeeded";

    private static string Words(V1Pod pod)
    {
        var state = pod.Status?.ContainerStatuses?.Select(container => container.State).FirstOrDefault();
        var words = state?.Terminated is { } ended ? $"{ended.Reason}, exit code {ended.ExitCode}"
            : state?.Waiting is { } waiting ? $"{waiting.Reason} {waiting.Message}"
            : pod.Status?.Conditions?.FirstOrDefault(condition => condition.Status == "False")?.Message ?? pod.Status?.Phase ?? "unknown";
        return ForeignText.Line(words.Trim(), 300);
    }

    // A container that runs may not listen yet.
    private static async Task<LoadPod?> GreetAsync(LoadPod pod, CancellationToken cancellation)
    {
        try
        {
            await pod.AskAsync(new(), cancellation);
            return pod;
        }
        catch (IOException)
        {
            await pod.DisposeAsync();
            return null;
        }
    }
}
