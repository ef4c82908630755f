using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using FaultTolerance.StandIn.Hosting;
using FaultTolerance.StandIn.Operator;

namespace FaultTolerance.StandIn.Planner;

/// <summary>One thing that the planner is told to do.</summary>
/// <param name="Component">Name of the service or component.</param>
/// <param name="Replicas">How many it is to have.</param>
/// <param name="At">When, from the planner's start.</param>
internal sealed record ScaleStep(string Component, int Replicas, TimeSpan At)
{
    private const int MostReplicas = 1000;

    /// <summary>Reads <c>NAME=REPLICAS@SECONDS,…</c>, in order of time. Throws <see cref="UsageException"/>.</summary>
    public static ImmutableArray<ScaleStep> Parse(string text) =>
        [.. text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(One).OrderBy(step => step.At)];

    /// <summary>The merge patch that does it, in the graph's own form; null where it has no such component.</summary>
    public JsonObject? PatchOf(JsonObject graph)
    {
        if (graph.At("spec", "components").Array() is { } components)
        {
            var changed = (JsonArray)components.DeepClone();
            if (changed.OfType<JsonObject>().FirstOrDefault(component => component["name"].Text() == Component) is not { } one)
            {
                return null;
            }

            // A merge patch replaces a list as a whole.
            one["replicas"] = Replicas;
            return new() { ["spec"] = new JsonObject { ["components"] = changed } };
        }

        return graph.At("spec", "services", Component) is null
            ? null
            : new()
            {
                ["spec"] = new JsonObject { ["services"] = new JsonObject { [Component] = new JsonObject { ["replicas"] = Replicas } } },
            };
    }

    private static ScaleStep One(string text)
    {
        var at = text.Split('@');
        var name = at[0].Split('=');
        return at.Length == 2 && name.Length == 2 && name[0].Length > 0
            && int.TryParse(name[1], NumberStyles.None, CultureInfo.InvariantCulture, out var replicas) && replicas <= MostReplicas
            && double.TryParse(at[1], NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 0 and <= 86_400
            ? new(name[0], replicas, TimeSpan.FromSeconds(seconds))
            : throw new UsageException($"STANDIN_PLANNER_SCALE has '{text}', but must be NAME=REPLICAS@SECONDS, VllmDecodeWorker=2@30 say");
    }
}
