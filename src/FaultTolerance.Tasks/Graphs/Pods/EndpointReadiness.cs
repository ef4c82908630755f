using k8s.Models;

namespace FaultTolerance.Graphs.Pods;

/// <summary>The pods behind a service, ready or not.</summary>
internal static class EndpointReadiness
{
    /// <summary>None.</summary>
    public static IReadOnlyDictionary<string, bool> None { get; } = new Dictionary<string, bool>(StringComparer.Ordinal);

    /// <summary>By pod name. A pod that is ready for one port only counts as not ready.</summary>
    public static IReadOnlyDictionary<string, bool> Read(V1Endpoints endpoints)
    {
        var pods = new Dictionary<string, bool>(StringComparer.Ordinal);
        foreach (var subset in endpoints.Subsets ?? [])
        {
            foreach (var (addresses, ready) in new[] { (subset.Addresses, true), (subset.NotReadyAddresses, false) })
            {
                foreach (var name in (addresses ?? []).Select(a => a.TargetRef?.Name).OfType<string>())
                {
                    pods[name] = ready && pods.GetValueOrDefault(name, true);
                }
            }
        }

        return pods;
    }

    /// <summary>Whose readiness changed; one that was never ready and is not there any more did not.</summary>
    public static IEnumerable<(string Pod, bool Ready)> Between(
        IReadOnlyDictionary<string, bool> before,
        IReadOnlyDictionary<string, bool> after
    )
    {
        foreach (var (name, ready) in before)
        {
            if (ready && !after.GetValueOrDefault(name))
            {
                yield return (name, false);
            }
        }

        foreach (var (name, ready) in after)
        {
            if (ready && !before.GetValueOrDefault(name))
            {
                yield return (name, true);
            }
        }
    }
}
