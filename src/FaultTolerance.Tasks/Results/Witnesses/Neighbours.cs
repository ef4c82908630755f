using FaultTolerance.Artefacts.Events;

namespace FaultTolerance.Results.Witnesses;

/// <summary>Pods of other graphs in the Dynamo namespace of the row's graph, as the timeline tells them.</summary>
internal static class Neighbours
{
    private const int Most = 5;

    /// <summary>Those that were there at any time of the load, in words.</summary>
    /// <param name="timeline">The timeline.</param>
    /// <param name="from">The load's begin, UTC ticks.</param>
    /// <param name="to">The load's end, UTC ticks.</param>
    public static string Told(Timeline timeline, long from, long to)
    {
        var there = new Dictionary<string, NeighbourChanged>(StringComparer.Ordinal);
        foreach (var item in timeline.Of<NeighbourChanged>().Where(item => item.At <= to))
        {
            if (item.Gone != true)
            {
                there[item.Uid ?? ""] = item;
            }
            else if (item.At < from)
            {
                there.Remove(item.Uid ?? "");
            }
        }

        if (there.Count == 0)
        {
            return "somebody who was not seen (no pod of another graph in the same Dynamo namespace; a cluster may share etcd with others)";
        }

        var pods = there.Values.OrderBy(item => item.Pod, StringComparer.Ordinal).ToArray();
        var names = string.Join(", ", pods.Take(Most).Select(item => item.Graph is null ? item.Pod : $"{item.Pod} (graph {item.Graph})"));
        var more = pods.Length > Most ? $" and {pods.Length - Most} more" : "";
        return $"pods of another graph in the same Dynamo namespace '{pods[0].Space}': {names}{more}";
    }
}
