using System.Security.Cryptography;
using FaultTolerance.Artefacts.Events;
using FaultTolerance.Cluster;
using FaultTolerance.Load;
using FaultTolerance.Load.Clients;
using FaultTolerance.Load.Probes;
using FaultTolerance.Load.Workers;
using FaultTolerance.Runs;

namespace FaultTolerance.LoadJobs;

/// <summary>Starts a load in pods of the cluster: makes the Job, measures the pods' clocks, and names one instant for all.</summary>
internal static class LoadJobStart
{
    // From the naming of the instant to it: each pod has to hear of it.
    private static readonly TimeSpan Ahead = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);
    private const int TokenBytes = 32;

    /// <summary>Starts it; from here on it runs as a load of this process does.</summary>
    /// <param name="session">The cluster; the caller's.</param>
    /// <param name="options">What is asked.</param>
    /// <param name="folder">Where the client logs go.</param>
    /// <param name="timeline">Where the load's events go; the caller's.</param>
    /// <param name="cancellation">For the start alone.</param>
    /// <exception cref="FaultMatrixException">
    /// FT0505: the scenario has had its load; FT0522: the plan is too large; FT0523: the pods are not ready in time; FT0501: the logs
    /// cannot be made.
    /// </exception>
    public static async Task<ILoadRun> RunAsync(
        ClusterSession session, LoadJobOptions options, ScenarioFolder folder, TimelineWriter timeline, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(timeline);
        LoadGenerator.RefuseSecond(folder);
        var spec = options.Load;
        var plan = new WorkerPlan
        {
            Load = spec with { ProbeRate = 0 },
            Model = options.Model,
            Workers = spec.Pods,
            IsWatched = options.IsWatched,
            Token = Convert.ToHexString(RandomNumberGenerator.GetBytes(TokenBytes)),
        };
        var made = new LoadJobPods(session, new LoadJob(options.Owner, spec.PodImage ?? LoadJob.DefaultImage, spec.Pods, options.Deadline));
        LoadPod[] pods = [];
        try
        {
            await made.CreateAsync(plan, cancellation);
            pods = await made.ReadyAsync(ClientShare.Of(spec.Clients, spec.Pods), plan.Token, options.ReadyLimit, cancellation);
            await PrepareAsync(pods, options, timeline.Clock, cancellation);
            // Last: what it opens is not to wait for pods that come slowly.
            await (options.Probe?.PrepareAsync(cancellation) ?? Task.CompletedTask);
            timeline.Write(LoadEvents.Started(spec, ClientStarts.Of(spec)));
            var run = new LoadJobRun(made, pods, options, folder, timeline);
            var instant = timeline.Clock.Now + Ahead;
            options.Probe?.StartAt(instant);
            await Task.WhenAll(pods.Select(pod =>
                pod.AskAsync(new() { StartAt = pod.Clock!.TicksAt(instant) }, cancellation)));
            run.Follow(instant);
            return options.Probe is { } probe ? new ProbedLoad(run, probe) : run;
        }
        catch (Exception e)
        {
            await (options.Probe?.DisposeAsync() ?? ValueTask.CompletedTask);
            await Task.WhenAll(pods.Select(pod => pod.DisposeAsync().AsTask()));
            await made.RemoveAsync(CancellationToken.None);
            throw e is IOException ? new FaultMatrixException("FT0523", $"the load's pods cannot be reached: {e.Message}", e) : e;
        }
    }

    // One pod after the other: exchanges that go on side by side would lengthen each other.
    private static async Task PrepareAsync(LoadPod[] pods, LoadJobOptions options, RunClock clock, CancellationToken cancellation)
    {
        var ready = options.Frontends();
        foreach (var pod in pods)
        {
            await pod.AskAsync(new() { Frontends = [.. ready.Select(WorkerFrontend.Of)] }, cancellation);
            await pod.BeginAsync(clock, cancellation);
        }

        var from = clock.Time.GetTimestamp();
        while (pods.FirstOrDefault(pod => pod.Said?.State != WorkerState.Ready) is { } unready)
        {
            if (unready.Said is { State: WorkerState.Failed } failed)
            {
                throw new FaultMatrixException("FT0523", $"the load's pod '{unready.Name}' cannot prepare: {failed.Error}");
            }

            if (clock.Time.GetElapsedTime(from) > options.ReadyLimit)
            {
                throw new FaultMatrixException(
                    "FT0523", $"the load's pod '{unready.Name}' was not prepared within {options.ReadyLimit.TotalSeconds:0} s");
            }

            await Task.Delay(Look, clock.Time, cancellation);
            await unready.AskAsync(new(), cancellation);
        }
    }
}
