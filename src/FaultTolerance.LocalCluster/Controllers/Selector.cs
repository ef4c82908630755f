using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Storage;

namespace FaultTolerance.LocalCluster.Controllers;

/// <summary>Label selectors: a plain map (services) or matchLabels with matchExpressions (workloads).</summary>
internal static class Selector
{
    /// <summary>True when every pair of the map is among the labels. An empty or missing map matches nothing.</summary>
    public static bool MatchesMap(JsonNode? map, JsonObject o)
    {
        var any = false;
        foreach (var (key, value) in map.Pairs())
        {
            any = true;
            if (o.Text("metadata", "labels", key) != value)
            {
                return false;
            }
        }

        return any;
    }

    /// <summary>True when a LabelSelector matches the object's labels. One without requirements matches everything.</summary>
    public static bool Matches(JsonNode? selector, JsonObject o) =>
        selector.Pairs("matchLabels").All(p => o.Text("metadata", "labels", p.Key) == p.Value) &&
        selector.Maps("matchExpressions").All(e => Holds(e, o.Text("metadata", "labels", e.Text("key") ?? "")));

    private static bool Holds(JsonObject expression, string? value) => expression.Text("operator") switch
    {
        "In" => value is not null && expression.Texts("values").Contains(value, StringComparer.Ordinal),
        "NotIn" => value is null || !expression.Texts("values").Contains(value, StringComparer.Ordinal),
        "Exists" => value is not null,
        "DoesNotExist" => value is null,
        _ => false,
    };
}
