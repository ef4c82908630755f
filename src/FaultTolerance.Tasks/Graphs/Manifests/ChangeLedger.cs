using System.Text.Json.Nodes;

namespace FaultTolerance.Graphs.Manifests;

/// <summary>
/// Notes what each step changes in an object, and on whose behalf: a manifest reaches the cluster as written but for what stands here. What
/// a step changed is found by comparing, so that no step can leave something out.
/// </summary>
/// <param name="body">The object that is changed.</param>
internal sealed class ChangeLedger(JsonObject body)
{
    private readonly List<GraphChange> _changes = [];

    /// <summary>The changes in the order of the steps; a step that changed nothing has none.</summary>
    public IReadOnlyList<GraphChange> Changes => _changes;

    /// <summary>Does a step.</summary>
    /// <param name="key">The key that asks for it, as its author wrote it.</param>
    /// <param name="edit">Changes the object.</param>
    /// <param name="text">What is said of it, from the paths that changed; null names the paths.</param>
    public void Step(string key, Action edit, Func<IReadOnlyList<string>, string>? text = null)
    {
        ArgumentNullException.ThrowIfNull(edit);
        var before = body.DeepClone();
        edit();
        var paths = JsonDifference.Paths(before, body);
        if (paths.Count > 0)
        {
            _changes.Add(new GraphChange(text?.Invoke(paths) ?? string.Join(", ", paths)) { Key = key, Paths = [.. paths] });
        }
    }
}
