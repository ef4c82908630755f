namespace FaultTolerance.Scenarios.Reading;

/// <summary>Reads from where a load is sent: <c>from</c>, <c>pods</c> and <c>image</c>.</summary>
internal static class PodSection
{
    private const int MostPods = 100;
    private static readonly string[] OfPods = ["pods", "image"];

    /// <summary>Reads the keys; what is wrong, or cannot be together, is reported.</summary>
    /// <param name="item">The load.</param>
    /// <param name="spec">What else it says.</param>
    public static LoadSpec Read(ObjectReader item, LoadSpec spec)
    {
        ArgumentNullException.ThrowIfNull(item);
        ArgumentNullException.ThrowIfNull(spec);
        var fromCluster = item.Choice("from", required: false, "here", "cluster") == "cluster";
        var pods = item.Int("pods", 1, 1, MostPods);
        var image = item.Text("image");
        if (!fromCluster)
        {
            foreach (var key in OfPods.Where(item.Has))
            {
                item.Fault(ScenarioCodes.BadValue, key, $"'{key}' is for loads from the cluster; set \"from\": \"cluster\" or remove it", 0);
            }

            return spec;
        }

        if (pods > spec.Clients)
        {
            item.Fault(
                ScenarioCodes.BadValue, "pods", $"{pods} pods cannot share {spec.Clients} clients; set 'clients' to {pods} at least", 0);
        }

        // Each of these asks what all pods know only together.
        foreach (var (key, isThere) in new[]
        {
            ("untilRecovered", spec.UntilRecovered is not null), ("stopWhen", spec.StopWhen is not null),
            ("reuse", spec.Reuse != Reuse.Own),
        })
        {
            if (isThere)
            {
                item.Fault(ScenarioCodes.BadValue, key, $"'{key}' is not known to pods of their own; remove it, or \"from\": \"cluster\"", 0);
            }
        }

        return spec with { Pods = pods, PodImage = image };
    }
}
