using System.Text.Json;
using System.Text.Json.Nodes;
using FaultTolerance.Runs;
using FaultTolerance.Scenarios.Plans;

namespace FaultTolerance.Results.Merging;

/// <summary>One of the runs that are joined: what its run.json and its plan.json say.</summary>
/// <param name="Folder">Its folder.</param>
/// <param name="Manifest">What run.json says.</param>
/// <param name="Plan">The plan, as it stands in its file.</param>
internal sealed record RunPart(string Folder, RunManifest Manifest, JsonObject Plan)
{
    /// <summary>Its rows as the plan has them, by name.</summary>
    /// <remarks>run.json names them in the plan's order.</remarks>
    public IEnumerable<(string Name, JsonNode Row)> Rows =>
        Manifest.Scenarios.Zip(Asked["scenarios"]!.AsArray(), (name, row) => (name, row!));

    /// <summary>Names of all rows of which this run is a part; its own where it is no part of any.</summary>
    public IReadOnlyList<string> Matrix =>
        Asked["matrix"] is JsonArray names ? [.. names.Select(name => (string)name!)] : Manifest.Scenarios;

    /// <summary>Whether it is part of a larger selection.</summary>
    public bool IsPart => Asked["matrix"] is JsonArray;

    /// <summary>What was asked for.</summary>
    public JsonObject Asked => Plan["plan"]!.AsObject();

    /// <summary>Reads a run's folder.</summary>
    /// <exception cref="FaultMatrixException">FT0703, FT0709: its run.json or plan.json is missing or cannot be read.</exception>
    public static RunPart Read(string folder)
    {
        var manifest = RunFolder.Open(folder).Manifest;
        var path = Path.Combine(folder, PlanFile.Name);
        try
        {
            var plan = JsonNode.Parse(File.ReadAllText(path)) as JsonObject;
            if (plan?["plan"] is JsonObject asked && asked["scenarios"] is JsonArray rows && rows.Count == manifest.Scenarios.Count)
            {
                return new RunPart(folder, manifest, plan);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw Unreadable(manifest.Id, path, e);
        }

        throw Unreadable(manifest.Id, path, null);
    }

    private static FaultMatrixException Unreadable(string run, string path, Exception? cause) => new(
        PlanFile.Unreadable,
        $"run '{run}' has no {PlanFile.Name} that can be read, so nobody knows whether it is of the same plan as the others"
        + (cause is null ? "" : $": {cause.Message}"),
        cause)
    {
        File = path,
    };
}
