using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Storage;

namespace FaultTolerance.LocalCluster.Controllers;

/// <summary>A deployment's counts and its conditions Available and Progressing, by Kubernetes' rules.</summary>
internal static class DeploymentStatus
{
    /// <summary>Writes the status that follows from the replica sets.</summary>
    /// <param name="store">The store.</param>
    /// <param name="time">The clock.</param>
    /// <param name="id">The deployment.</param>
    /// <param name="seen">The deployment as it was looked at: its generation is the observed one.</param>
    /// <param name="sets">Its replica sets.</param>
    /// <param name="currentUid">The one of the present template.</param>
    /// <param name="wake">Has it looked at again at a time.</param>
    public static void Write(
        IObjectStore store,
        TimeProvider time,
        ResourceId id,
        JsonObject seen,
        List<JsonObject> sets,
        string? currentUid,
        Action<ResourceId, DateTimeOffset> wake
    )
    {
        var current = sets.Find(s => s.Uid() == currentUid);
        var wanted = (int)(seen.Number("spec", "replicas") ?? 1);
        int Sum(string key) => sets.Sum(s => (int)(s.Number("status", key) ?? 0));
        var total = Sum("replicas");
        var available = Sum("availableReplicas");
        var updated = (int)(current.Number("status", "replicas") ?? 0);
        var complete = updated == wanted && total == wanted && available == wanted;
        var (_, unavailable) = seen.Text("spec", "strategy", "type") == "Recreate" ? (0, wanted) : RollingUpdate.Bounds(seen, wanted);
        var enough = available >= wanted - unavailable;
        var now = time.GetUtcNow();

        store.Update(id, d =>
        {
            if (d.Uid() != seen.Uid())
            {
                return null;
            }

            var before = d["status"] as JsonObject ?? [];
            var progressed = updated > (before.Number("updatedReplicas") ?? 0) || available > (before.Number("availableReplicas") ?? 0)
                || total < (before.Number("replicas") ?? 0) || seen.Number("metadata", "generation") != before.Number("observedGeneration");
            d["status"] = ReplicaSetController.Counts(
                d, ("replicas", total), ("updatedReplicas", updated), ("readyReplicas", Sum("readyReplicas")),
                ("availableReplicas", available), ("unavailableReplicas", Math.Max(0, Math.Max(total, wanted) - available)));
            var status = d.Ensure("status");
            status["observedGeneration"] = seen.Number("metadata", "generation");
            Conditions.Set(
                status,
                "Available",
                enough,
                enough ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
                enough ? "Deployment has minimum availability." : "Deployment does not have minimum availability.",
                now,
                withUpdateTime: true
            );
            SetProgressing(status, d, current?.Name() ?? "", complete, progressed, now, at => wake(id, at));
            return d;
        });
    }

    private static void SetProgressing(
        JsonObject status,
        JsonObject deployment,
        string set,
        bool complete,
        bool progressed,
        DateTimeOffset now,
        Action<DateTimeOffset> wake
    )
    {
        var before = deployment.Condition("Progressing");
        if (complete)
        {
            Conditions.Set(
                status,
                "Progressing",
                true,
                "NewReplicaSetAvailable",
                $"ReplicaSet \"{set}\" has successfully progressed.",
                now,
                withUpdateTime: true
            );
            return;
        }

        // Once a rollout is complete, a pod that is away is no rollout.
        var rolledOut =
            before.Text("reason") == "NewReplicaSetAvailable"
            && before.Text("message")?.Contains($"\"{set}\"", StringComparison.Ordinal) == true;
        if (rolledOut)
        {
            return;
        }

        var limit = TimeSpan.FromSeconds(deployment.Number("spec", "progressDeadlineSeconds") ?? 600);
        var since = Stamp.Parse(before.Text("lastUpdateTime"));
        if (!progressed && since is not null && before.Text("reason") is "ReplicaSetUpdated" or "ProgressDeadlineExceeded")
        {
            if (now >= since + limit || before.Text("reason") == "ProgressDeadlineExceeded")
            {
                Conditions.Set(
                    status,
                    "Progressing",
                    false,
                    "ProgressDeadlineExceeded",
                    $"ReplicaSet \"{set}\" has timed out progressing.",
                    now,
                    withUpdateTime: true
                );
            }
            else
            {
                wake(since.Value + limit);
            }

            return;
        }

        Conditions.Set(
            status,
            "Progressing",
            true,
            "ReplicaSetUpdated",
            $"ReplicaSet \"{set}\" is progressing.",
            now,
            withUpdateTime: true
        );
        if (deployment.Condition("Progressing") is { } condition)
        {
            condition["lastUpdateTime"] = Stamp.Of(now);
        }

        wake(now + limit);
    }
}
