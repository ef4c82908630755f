using System.Net;
using System.Text.Json.Nodes;
using FaultTolerance.Cluster;

namespace FaultTolerance.Faults.Removal;

/// <summary>Asks for a pod's eviction, as a drain does: budgets are honoured.</summary>
internal static class Eviction
{
    // The only form until Kubernetes 1.21, which answers 400 to the newer one; gone since 1.25.
    private const string Older = "policy/v1beta1";
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(1);

    /// <summary>The right that it needs.</summary>
    public static Permission Right { get; } = new("create", "", "pods", "eviction");

    /// <summary>Asks until the API agrees; false where it says that the pod is not there.</summary>
    /// <param name="session">Where.</param>
    /// <param name="pod">The pod's name.</param>
    /// <param name="uid">Its uid; another pod of that name is not evicted.</param>
    /// <param name="patience">How long a budget may refuse.</param>
    /// <param name="cancellation">Stops asking.</param>
    /// <exception cref="FaultMatrixException">FT0623: a budget refused all the time.</exception>
    public static async Task<bool> RunAsync(
        ClusterSession session, string pod, string uid, TimeSpan patience, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(session);
        var started = session.Time.GetTimestamp();
        var form = "policy/v1";
        while (true)
        {
            try
            {
                await session.CreateInAsync(ResourceType.Pods, pod, "eviction", Body(session, form, pod, uid), cancellation);
                return true;
            }
            catch (ClusterException e) when (e.Status == HttpStatusCode.BadRequest && form != Older)
            {
                form = Older;
            }
            catch (ClusterException e) when (e.Status == HttpStatusCode.NotFound)
            {
                return false;
            }
            catch (ClusterException e) when (e.Status == HttpStatusCode.TooManyRequests)
            {
                if (session.Time.GetElapsedTime(started) > patience)
                {
                    throw new FaultMatrixException(
                        "FT0623", $"pod '{pod}' was not evicted within {patience.TotalSeconds:0.#} s: {e.ServerMessage}", e);
                }

                await Task.Delay(Again, session.Time, cancellation);
            }
        }
    }

    private static JsonObject Body(ClusterSession session, string form, string pod, string uid) => new()
    {
        ["apiVersion"] = form,
        ["kind"] = "Eviction",
        ["metadata"] = new JsonObject { ["name"] = pod, ["namespace"] = session.Namespace },
        ["deleteOptions"] = new JsonObject { ["preconditions"] = new JsonObject { ["uid"] = uid } },
    };
}
