using System.Text.Json.Nodes;

namespace EndToEnd;

/// <summary>The timelines of a run that goes on, read while they are written.</summary>
internal static class GrowingTimelines
{
    /// <summary>Whether any timeline in the folder tells this of a fault of the kind.</summary>
    /// <param name="results">The folder; it may not be there yet.</param>
    /// <param name="wanted">The event, such as <c>fault.landed</c>.</param>
    /// <param name="kind">The kind of fault.</param>
    public static bool Tell(string results, string wanted, string kind) => Directory.Exists(results)
        && Directory.EnumerateFiles(results, "timeline.jsonl", SearchOption.AllDirectories)
            .Any(file => Lines(file).Any(line => (string?)line["event"] == wanted && (string?)line["kind"] == kind));

    // A line that is not whole yet is the next look's.
    private static List<JsonObject> Lines(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(stream);
        return [.. reader.ReadToEnd().Split('\n').SkipLast(1).Where(line => line.StartsWith('{'))
            .Select(line => JsonNode.Parse(line)!.AsObject())];
    }
}
