using System.Text.Json.Nodes;

namespace FaultTolerance.Graphs.Manifests;

/// <summary>JSON merge patch, RFC 7396.</summary>
internal static class MergePatch
{
    /// <summary>
    /// Changes <paramref name="target"/>: null removes, an object merges, anything else replaces. The patch itself stays as it is.
    /// </summary>
    public static void Apply(JsonObject target, JsonObject patch)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(patch);
        foreach (var (key, value) in patch)
        {
            switch (value)
            {
                case null:
                    target.Remove(key);
                    break;
                case JsonObject inner:
                    if (target[key] is not JsonObject there)
                    {
                        target[key] = there = [];
                    }

                    Apply(there, inner);
                    break;
                default:
                    target[key] = value.DeepClone();
                    break;
            }
        }
    }
}
