using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using FaultTolerance.Graphs;
using FaultTolerance.Runs;

namespace FaultTolerance.Faults.Undo;

/// <summary>
/// What undoes one fault, as it hangs in the namespace: a config map's annotation, which any machine with the kubeconfig reads.
/// </summary>
/// <param name="Name">The config map's name.</param>
/// <param name="Id">The fault's number in its scenario.</param>
/// <param name="Kind">The kind of fault.</param>
/// <param name="Target">What was hit.</param>
/// <param name="Deadline">By when it was to be undone; null where nobody said.</param>
/// <param name="Undo">What the kind needs to undo it.</param>
internal sealed record UndoNote(string Name, string Id, string Kind, string Target, DateTimeOffset? Deadline, JsonObject Undo)
{
    /// <summary>The annotation that holds the note.</summary>
    public const string Annotation = "faultmatrix.dev/undo";

    /// <summary>The label that all notes carry; value <c>open</c>.</summary>
    public const string Label = "faultmatrix.dev/undo";

    /// <summary>Value of <see cref="Label"/>.</summary>
    public const string Open = "open";

    private const int LongestName = 63;

    /// <summary>The note of a fault, whose name is its own: an older fault of the same graph and number has another.</summary>
    public static UndoNote Of(FaultContext context, JsonObject undo)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(undo);
        var id = context.Id.Replace('.', '-');
        var stamp = context.Timeline.Clock.Now.UtcTicks.ToString("x", CultureInfo.InvariantCulture);
        var name = $"faultmatrix-undo-{stamp}-{id}-{context.Watch.Graph.Name}";
        return new UndoNote(
            name.Length > LongestName ? name[..LongestName].TrimEnd('-') : name,
            context.Id, context.Fault.Kind, context.Target.Name, context.Deadline, undo);
    }

    /// <summary>The note that a config map holds; null where it holds none that can be read.</summary>
    public static UndoNote? Of(JsonObject map)
    {
        ArgumentNullException.ThrowIfNull(map);
        if (map["metadata"] is not JsonObject metadata || metadata["name"]?.GetValue<string>() is not { } name
            || metadata["annotations"]?[Annotation]?.GetValue<string>() is not { } text)
        {
            return null;
        }

        try
        {
            var note = JsonNode.Parse(text)!.AsObject();
            var deadline = note["deadline"] is JsonValue at && at.TryGetValue<string>(out var stamp)
                && DateTimeOffset.TryParse(stamp, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
                ? time : (DateTimeOffset?)null;
            return new UndoNote(
                name, Text(note, "id"), Text(note, "kind"), Text(note, "target"), deadline, note["undo"]!.DeepClone().AsObject());
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or NullReferenceException)
        {
            return null;
        }
    }

    /// <summary>The config map that holds the note.</summary>
    public JsonObject ToConfigMap()
    {
        var note = new JsonObject
        {
            ["id"] = Id,
            ["kind"] = Kind,
            ["target"] = Target,
            ["deadline"] = Deadline is { } deadline ? RunClock.Format(deadline) : null,
            ["undo"] = Undo.DeepClone(),
        };
        return new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "ConfigMap",
            ["metadata"] = new JsonObject
            {
                ["name"] = Name,
                ["labels"] = new JsonObject { [GraphLabels.ManagedBy] = GraphLabels.ManagedByValue, [Label] = Open },
                ["annotations"] = new JsonObject { [Annotation] = note.ToJsonString() },
            },
        };
    }

    private static string Text(JsonObject note, string key) => note[key]?.GetValue<string>() ?? "";
}
