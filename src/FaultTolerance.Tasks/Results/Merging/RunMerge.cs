using System.Text.Json;
using System.Text.Json.Nodes;
using FaultTolerance.Results.Checks;
using FaultTolerance.Runs;
using FaultTolerance.Scenarios.Plans;

namespace FaultTolerance.Results.Merging;

/// <summary>Makes one run of the parts of a partition: a new folder with a copy of every row. The parts stay as they are.</summary>
internal static class RunMerge
{
    private static readonly JsonSerializerOptions Layout = new() { WriteIndented = true, NewLine = "\n" };

    /// <summary>Makes it.</summary>
    /// <param name="results">Folder of all runs.</param>
    /// <param name="id">The new run's id.</param>
    /// <param name="folders">Folders of the parts.</param>
    /// <param name="shared">Whether others of this machine may read the new run.</param>
    /// <param name="cancellation">Ends between two files; nothing is left then.</param>
    /// <returns>The new run's folder, and the rows that no part has.</returns>
    /// <exception cref="FaultMatrixException">FT0834: the runs are no parts of one plan. FT0701, FT0702: the folder cannot be made. FT0703,
    /// FT0709: a part's description cannot be read.</exception>
    public static (string Folder, IReadOnlyList<string> Missing) Make(
        string results, string id, IReadOnlyList<string> folders, bool shared, CancellationToken cancellation)
    {
        var parts = folders.Select(RunPart.Read).OrderBy(part => part.Manifest.Anchor.Utc).ToList();
        var plan = PartPlans.Join(parts);
        var names = PartPlans.Names(parts);
        var folder = Path.Combine(results, id);
        var making = Path.Combine(results, $".{id}.merging");
        if (Directory.Exists(folder))
        {
            throw new FaultMatrixException(
                "FT0702", $"The run {id} exists already in {results}; a run never overwrites another. Name another with --run.");
        }

        try
        {
            ResultAccess.CreateRun(making, shared);
            foreach (var (part, name) in parts.SelectMany(part => part.Manifest.Scenarios.Select(name => (part, name))))
            {
                Copy(ScenarioFolder.In(part.Folder, name).Path, ScenarioFolder.In(making, name).Path, cancellation);
            }

            Write(making, PlanFile.Name, plan);
            WriteChecks(making, parts);
            Write(making, "run.json", Description(id, parts, names));
            Directory.Move(making, folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FaultMatrixException("FT0701", $"The runs cannot be joined in {results}: {e.Message}", e);
        }
        finally
        {
            // It has moved where all went well.
            if (Directory.Exists(making))
            {
                Directory.Delete(making, recursive: true);
            }
        }

        var there = parts.SelectMany(part => part.Manifest.Scenarios).ToHashSet(StringComparer.Ordinal);
        return (folder, [.. names.Where(name => !there.Contains(name))]);
    }

    // The earliest part's description, of all rows; what each part was is kept beside it.
    private static JsonObject Description(string id, List<RunPart> parts, IReadOnlyList<string> names)
    {
        var json = (parts[0].Manifest with { Id = id, Scenarios = names }).ToJson();
        json["parts"] = new JsonArray([
            .. parts.Select(part => new JsonObject
            {
                ["run"] = part.Manifest.Id,
                ["startedAt"] = RunClock.Format(part.Manifest.Anchor.Utc),
                ["scenarios"] = part.Manifest.Scenarios.Count,
                ["cluster"] = part.Manifest.Cluster.DeepClone(),
                ["versions"] = part.Manifest.Versions.DeepClone(),
            }),
        ]);
        return json;
    }

    private static void WriteChecks(string folder, List<RunPart> parts)
    {
        var all = new SortedDictionary<string, JsonNode?>(StringComparer.Ordinal);
        foreach (var path in parts.Select(part => Path.Combine(part.Folder, CheckFile.Name)).Where(File.Exists))
        {
            try
            {
                foreach (var (row, checks) in JsonNode.Parse(File.ReadAllText(path)) as JsonObject ?? [])
                {
                    all[row] = checks?.DeepClone();
                }
            }
            catch (JsonException e)
            {
                throw new FaultMatrixException(CheckFile.Unreadable, $"the checks of a part cannot be read: {e.Message}", e)
                {
                    File = path,
                };
            }
        }

        if (all.Count > 0)
        {
            Write(folder, CheckFile.Name, new JsonObject(all));
        }
    }

    private static void Write(string folder, string name, JsonObject json) =>
        RunFolder.WriteAtomically(Path.Combine(folder, name), json.ToJsonString(Layout) + "\n");

    // No run writes links; one in a folder that came from elsewhere could lead to any file of this machine.
    private static void Copy(string source, string target, CancellationToken cancellation)
    {
        var from = new DirectoryInfo(source);
        if (!from.Exists)
        {
            return;
        }

        ResultAccess.CreateFolder(target);
        foreach (var entry in from.EnumerateFileSystemInfos())
        {
            cancellation.ThrowIfCancellationRequested();
            var path = Path.Combine(target, entry.Name);
            if (entry.LinkTarget is not null)
            {
                throw new FaultMatrixException(
                    PartPlans.Different, $"the run's folder holds a link, which this tool never makes: {entry.Name}; remove it")
                {
                    File = entry.FullName,
                };
            }

            if (entry is DirectoryInfo)
            {
                Copy(entry.FullName, path, cancellation);
            }
            else
            {
                using var read = new FileStream(entry.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                using var write = new FileStream(path, ResultAccess.NewFile(path));
                read.CopyTo(write);
            }
        }
    }
}
