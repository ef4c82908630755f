using System.Globalization;
using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Storage;
using Microsoft.Extensions.Logging;

namespace FaultTolerance.LocalCluster.Controllers;

/// <summary>Runs a job's pods until as many have succeeded as it asks for, or too many have failed, or its time is over.</summary>
internal sealed class JobController(IObjectStore store, EventRecorder events, TimeProvider time, ILogger log) : Controller(store, time, log)
{
    private const string Kind = "Job";
    private const string IndexLabel = "batch.kubernetes.io/job-completion-index";
    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(10);

    /// <inheritdoc/>
    protected override IReadOnlyList<ResourceType> Watched { get; } = [Resources.Jobs, Resources.Pods];

    /// <inheritdoc/>
    public override void Reconcile(ResourceId id)
    {
        if (Store.Get(id) is not { } job || job.IsDying())
        {
            return;
        }

        if (IsFinished(job))
        {
            Expire(id, job);
            return;
        }

        var pods = PodFactory.Owned(Store, job);
        var count = JobCount.Of(job, pods, Time.GetUtcNow());
        if (count.Failure is null && !count.IsComplete)
        {
            Start(id, job, pods, count);
            pods = PodFactory.Owned(Store, job);
            count = JobCount.Of(job, pods, Time.GetUtcNow());
        }
        else
        {
            foreach (var pod in pods.Where(pod => !PodFactory.HasEnded(pod)))
            {
                Deletion.Begin(Store, IdOf(Resources.Pods, pod), Time, pod.Uid());
            }
        }

        if (job.Number("spec", "activeDeadlineSeconds") is { } seconds && Stamp.Parse(job.Text("status", "startTime")) is { } started)
        {
            EnqueueAt(id, started.AddSeconds(seconds));
        }

        WriteStatus(id, job, count);
    }

    /// <inheritdoc/>
    protected override void Changed(ResourceType type, StoreEvent change)
    {
        if (type == Resources.Jobs)
        {
            Enqueue(IdOf(type, change.Object));
        }
        else if (change.Object.ControllerOwner() is { } owner && owner.Text("kind") == Kind)
        {
            Enqueue(new ResourceId(Resources.Jobs, change.Object.Namespace(), owner.Text("name") ?? ""));
        }
    }

    private static bool IsFinished(JsonObject job) =>
        ((string[])["Complete", "Failed"]).Any(type => job.Condition(type).Text("status") == "True");

    private void Expire(ResourceId id, JsonObject job)
    {
        if (job.Number("spec", "ttlSecondsAfterFinished") is { } seconds
            && Stamp.Parse((job.Condition("Complete") ?? job.Condition("Failed")).Text("lastTransitionTime")) is { } finished)
        {
            if (finished.AddSeconds(seconds) <= Time.GetUtcNow())
            {
                Deletion.Begin(Store, id, Time, job.Uid());
            }
            else
            {
                EnqueueAt(id, finished.AddSeconds(seconds));
            }
        }
    }

    private void Start(ResourceId id, JsonObject job, List<JsonObject> pods, JobCount count)
    {
        var wanted = job.IsTrue("spec", "suspend") ? 0 : count.Wanted;
        foreach (var pod in pods.Where(pod => !pod.IsDying() && !PodFactory.HasEnded(pod)).Skip(wanted).ToList())
        {
            Deletion.Begin(Store, IdOf(Resources.Pods, pod), Time, pod.Uid());
        }

        // After a failure the next pod waits: 10 s, 20 s, 40 s, ... as Kubernetes does.
        if (count.Active < wanted && count.Failed > 0 && count.LastFailure is { } failed)
        {
            var wait = TimeSpan.FromSeconds(Math.Min(LongestWait.TotalSeconds,
                FirstWait.TotalSeconds * Math.Pow(2, Math.Min(count.Failed, 10) - 1)));
            if (failed + wait > Time.GetUtcNow())
            {
                EnqueueAt(id, failed + wait);
                return;
            }
        }

        foreach (var index in count.Free.Take(wanted - count.Active))
        {
            events.Normal(job, Kind, "SuccessfulCreate", $"Created pod: {Create(job, index).Name()}");
        }
    }

    private JsonObject Create(JsonObject job, int index)
    {
        var pod = PodFactory.Of(job, Resources.Jobs, Kind);
        var labels = pod.Metadata().Ensure("labels");
        foreach (var prefix in (string[])["batch.kubernetes.io/", ""])
        {
            labels[prefix + "controller-uid"] = job.Uid();
            labels[prefix + "job-name"] = job.Name();
        }

        if (job.Text("spec", "completionMode") != "Indexed")
        {
            return PodFactory.CreateNamed(Store, job, pod, job.Name() + "-");
        }

        var number = index.ToString(CultureInfo.InvariantCulture);
        labels[IndexLabel] = number;
        pod.Metadata().Ensure("annotations")[IndexLabel] = number;
        pod.Ensure("spec")["hostname"] = $"{job.Name()}-{number}";
        foreach (var container in pod.Maps("spec", "containers").Concat(pod.Maps("spec", "initContainers")))
        {
            var variables = container.Items("env") ?? [];
            container["env"] = variables;
            variables.Add((JsonNode)new JsonObject { ["name"] = "JOB_COMPLETION_INDEX", ["value"] = number });
        }

        return PodFactory.CreateNamed(Store, job, pod, $"{job.Name()}-{number}-");
    }

    private void WriteStatus(ResourceId id, JsonObject job, JobCount count)
    {
        var now = Time.GetUtcNow();
        Store.Update(id, o =>
        {
            if (o.Uid() != job.Uid())
            {
                return null;
            }

            if (o.At("spec", "selector") is null)
            {
                o.Ensure("spec")["selector"] =
                    new JsonObject { ["matchLabels"] = new JsonObject { ["batch.kubernetes.io/controller-uid"] = o.Uid() } };
            }

            var status = o.Ensure("status");
            status.Default("startTime", MemoryStore.Stamp(now));
            foreach (var (name, number) in ((string, int)[])[("active", count.Active), ("succeeded", count.Succeeded),
                ("failed", count.Failed), ("terminating", count.Terminating)])
            {
                status[name] = number;
                if (number == 0 && name != "terminating")
                {
                    status.Remove(name);
                }
            }

            status["ready"] = count.Ready;
            if (count.Failure is { } failure && count.Active == 0)
            {
                Conditions.Set(status, "FailureTarget", true, failure.Reason, failure.Message, now);
                Conditions.Set(status, "Failed", true, failure.Reason, failure.Message, now);
                events.Warning(o, Kind, failure.Reason, failure.Message);
            }
            else if (count.IsComplete && count.Active == 0)
            {
                status["completionTime"] = MemoryStore.Stamp(now);
                Conditions.Set(status, "SuccessCriteriaMet", true, "CompletionsReached", "Reached expected number of succeeded pods", now);
                Conditions.Set(status, "Complete", true, "CompletionsReached", "Reached expected number of succeeded pods", now);
                events.Normal(o, Kind, "Completed", "Job completed");
            }

            return o;
        });
    }
}
