using System.Text.Json.Nodes;

namespace FaultTolerance.Results.Merging;

/// <summary>
/// Whether runs are parts of one plan, and the plan of all of them. The machine, the cluster, the parallelism and the time may differ; what
/// was asked for may not, since the rows of one table must mean the same.
/// </summary>
internal static class PartPlans
{
    /// <summary>The code where runs cannot be joined.</summary>
    public const string Different = "FT0834";

    // What each part has of its own: its rows, and how many ran at a time. A path differs between machines; the file's hash does not.
    private static readonly string[] Own = ["scenarios", "parallelism", "alone", "scenariosFile"];

    /// <summary>The plan of all parts: the rows of all in the matrix's order, everything else the first one's.</summary>
    /// <param name="parts">The parts, at least one.</param>
    /// <exception cref="FaultMatrixException">FT0834: they were asked for different things, or a row is in two of them.</exception>
    public static JsonObject Join(IReadOnlyList<RunPart> parts)
    {
        var first = parts[0];
        foreach (var part in parts.Skip(1))
        {
            RequireSame(first, part);
        }

        var rows = new Dictionary<string, (JsonNode Row, string Run)>(StringComparer.Ordinal);
        foreach (var (part, (name, row)) in parts.SelectMany(part => part.Rows.Select(row => (part, row))))
        {
            if (!rows.TryAdd(name, (row, part.Manifest.Id)))
            {
                throw new FaultMatrixException(
                    Different, $"the row {name} is in run '{rows[name].Run}' and in run '{part.Manifest.Id}'; leave one of them out");
            }
        }

        var joined = first.Plan.DeepClone().AsObject();
        var asked = joined["plan"]!.AsObject();
        asked["scenarios"] = new JsonArray([.. Names(parts).Where(rows.ContainsKey).Select(name => rows[name].Row.DeepClone())]);
        foreach (var section in new[] { "manifests", "environments" })
        {
            foreach (var (key, text) in parts.SelectMany(part => part.Plan[section] as JsonObject ?? []))
            {
                if (joined[section] is not JsonObject texts)
                {
                    joined[section] = texts = [];
                }

                texts[key] ??= text?.DeepClone();
            }
        }

        return joined;
    }

    /// <summary>Names of the rows of all parts, and of those that no part has, in order.</summary>
    public static IReadOnlyList<string> Names(IReadOnlyList<RunPart> parts) =>
        parts[0].IsPart ? parts[0].Matrix : [.. parts.SelectMany(part => part.Manifest.Scenarios)];

    private static void RequireSame(RunPart first, RunPart other)
    {
        var names = first.Asked.Concat(other.Asked).Select(pair => pair.Key).Distinct(StringComparer.Ordinal)
            .Except(Own, StringComparer.Ordinal);
        var differs = first.Manifest.Definitions != other.Manifest.Definitions ? "definitions of measures"
            : first.Manifest.StandIn != other.Manifest.StandIn ? "stand-ins"
            : names.FirstOrDefault(name => !JsonNode.DeepEquals(first.Asked[name], other.Asked[name])) is { } key ? Words(key)
            : !JsonNode.DeepEquals(first.Plan["overlay"], other.Plan["overlay"]) ? "profile's overlay"
            : Shared(first, other, "manifests") ?? Shared(first, other, "environments");
        if (differs is not null)
        {
            throw new FaultMatrixException(
                Different, $"run '{other.Manifest.Id}' is no part of what run '{first.Manifest.Id}' was asked for: the {differs} differ");
        }
    }

    // Texts that both have must be the same; that one has more is because its rows need more.
    private static string? Shared(RunPart first, RunPart other, string section) =>
        (first.Plan[section] as JsonObject ?? []).FirstOrDefault(pair =>
            (other.Plan[section] as JsonObject)?[pair.Key] is { } theirs && !JsonNode.DeepEquals(theirs, pair.Value)) is { Key: { } key }
            ? $"{section.TrimEnd('s')} texts of {key}"
            : null;

    private static string Words(string key) => key switch
    {
        "scenariosHash" => "texts of the scenarios file",
        "matrix" => "selected rows",
        "source" => "places from where loads come (--load-from)",
        _ => $"values of '{key}'",
    };
}
