using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using FaultTolerance.StandIn.Hosting;
using FaultTolerance.StandIn.Kubernetes;
using FaultTolerance.StandIn.Operator;

namespace FaultTolerance.StandIn.Grove;

/// <summary>A clique's pods as they are.</summary>
/// <param name="Wanted">How many there should be.</param>
/// <param name="Replicas">How many there are, those that are being deleted left out.</param>
/// <param name="Updated">How many are of the newest template.</param>
/// <param name="Ready">How many are of the newest template and ready.</param>
internal sealed record CliqueState(long Wanted, long Replicas, long Updated, long Ready)
{
    /// <summary>As the clique's status has it.</summary>
    public JsonObject ToJson() => new()
    {
        ["replicas"] = Replicas,
        ["scheduledReplicas"] = Replicas,
        ["updatedReplicas"] = Updated,
        ["readyReplicas"] = Ready,
        ["availableReplicas"] = Ready,
    };
}

/// <summary>Makes a clique's pods, and takes away those that are too many or of an older template, one after the other.</summary>
internal sealed class CliquePods(KubernetesApi api, OperatorOptions options, string space, ConsoleLog log)
{
    // As Kubernetes makes the ends of its names.
    private const string Letters = "bcdfghjklmnpqrstvwxz2456789";
    private const int SuffixLength = 5;
    private string Collection => options.Collection(GraphPlan.Core, "pods", space);

    /// <summary>
    /// Brings the pods up to date by a list that is never older than what was made before; a new pod takes the lowest index that is free.
    /// </summary>
    public async Task<CliqueState> MakeAsync(WantedClique clique, JsonObject owner, CancellationToken cancellation)
    {
        var selector = Uri.EscapeDataString($"{GroveNames.Clique}={clique.Name}");
        var list = await api.GetAsync($"{Collection}?labelSelector={selector}", cancellation);
        var pods = (list["items"].Array() ?? [])
            .OfType<JsonObject>()
            .Where(pod => pod.At("metadata", "deletionTimestamp") is null && pod.At("status", "phase").Text() is not ("Failed" or "Succeeded"))
            .OrderBy(IndexOf)
            .ToList();
        var made = 0;
        for (var index = 0; pods.Count + made < clique.Replicas; index++)
        {
            if (pods.Any(pod => IndexOf(pod) == index))
            {
                continue;
            }

            var body = clique.Pod(index, RandomNumberGenerator.GetString(Letters, SuffixLength), (JsonObject)owner.DeepClone());
            body["metadata"]!["namespace"] = space;
            await api.CreateAsync(Collection, body, cancellation);
            log.Info("grove", $"created pods/{body.At("metadata", "name").Text()} in {space}");
            made++;
        }

        var surplus = pods.Skip((int)clique.Replicas).ToList();
        var updated = pods.Where(pod => HashOf(pod) == clique.Hash).ToList();
        var ready = updated.Count(IsReady);
        if (surplus.Count == 0 && made == 0 && ready == updated.Count && pods.FirstOrDefault(pod => HashOf(pod) != clique.Hash) is { } old)
        {
            surplus.Add(old);
        }

        foreach (var pod in surplus)
        {
            await DeleteAsync(pod, cancellation);
        }

        return new(clique.Replicas, pods.Count + made, updated.Count + made, ready);
    }

    private static long IndexOf(JsonObject pod) =>
        long.TryParse(pod.At("metadata", "labels", GroveNames.PodIndex).Text(), out var index) ? index : long.MaxValue;

    private static string? HashOf(JsonObject pod) => pod.At("metadata", "labels", GroveNames.TemplateHash).Text();

    private static bool IsReady(JsonObject pod) => (pod.At("status", "conditions").Array() ?? [])
        .Any(condition => condition.At("type").Text() == "Ready" && condition.At("status").Text() == "True");

    private async Task DeleteAsync(JsonObject pod, CancellationToken cancellation)
    {
        try
        {
            await api.DeleteAsync($"{Collection}/{pod.At("metadata", "name").Text()}", cancellation);
        }
        catch (KubernetesException gone) when (gone.Status == HttpStatusCode.NotFound)
        {
            // Someone was quicker.
        }
    }
}
