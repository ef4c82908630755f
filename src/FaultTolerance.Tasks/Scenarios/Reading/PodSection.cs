namespace FaultTolerance.Scenarios.Reading;

/// <summary>Reads from where a load is sent: <c>from</c>, <c>pods</c>, <c>image</c> and <c>probeRate</c>.</summary>
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
        var from = item.Choice("from", required: false, "here", "cluster", "both");
        var fromCluster = from is "cluster" or "both";
        var pods = item.Int("pods", 1, 1, MostPods);
        var image = item.Text("image");
        var rate = item.Number("probeRate", ProbeSpec.UsualRate, ProbeSpec.LeastRate, ProbeSpec.MostRate);
        if (from != "both" && item.Has("probeRate"))
        {
            item.Fault(
                ScenarioCodes.BadValue, "probeRate",
                "'probeRate' is of the client from here beside the pods; set \"from\": \"both\" or remove it", 0);
        }

        if (!fromCluster)
        {
            foreach (var key in OfPods.Where(item.Has))
            {
                item.Fault(
                    ScenarioCodes.BadValue, key,
                    $"'{key}' is for loads from the cluster; set \"from\": \"cluster\" or \"both\", or remove it", 0);
            }

            return spec;
        }

        if (pods > spec.Clients)
        {
            item.Fault(
                ScenarioCodes.BadValue, "pods", $"{pods} pods cannot share {spec.Clients} clients; set 'clients' to {pods} at least", 0);
        }

        if (spec.Reuse != Reuse.Own)
        {
            item.Fault(ScenarioCodes.BadValue, "reuse", "pods share no connections; remove 'reuse', or \"from\"", 0);
        }

        if (from == "both" && ProbeSpec.Refusal(spec) is { } refusal)
        {
            item.Fault(ScenarioCodes.BadValue, "from", $"{refusal}; set \"from\": \"cluster\"", 0);
        }

        return spec with { Pods = pods, PodImage = image, ProbeRate = from == "both" ? rate : 0 };
    }
}
