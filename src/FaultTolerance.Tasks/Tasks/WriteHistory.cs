using FaultTolerance.Reports.History;
using FaultTolerance.Results;
using FaultTolerance.Results.History;
using FaultTolerance.Runs;
using Microsoft.Build.Framework;

namespace FaultTolerance.Tasks;

/// <summary>Makes one page of many runs: a line a row and measure over time.</summary>
public sealed class WriteHistory : AsyncTask
{
    /// <summary>Folder of runs; the page is written there.</summary>
    [Required]
    public string Results { get; set; } = "";

    /// <summary>Which runs: ids, folders of runs, or folders that hold runs; empty for all of <see cref="Results"/>.</summary>
    public string[] Runs { get; set => field = ScenarioSource.List(value); } = [];

    /// <summary>The page.</summary>
    [Output]
    public string PageFile { get; set; } = "";

    /// <inheritdoc/>
    protected override System.Threading.Tasks.Task RunAsync(CancellationToken cancellation)
    {
        string[] named = Runs.Length == 0 ? [Results] : [.. Runs.Select(run => RunLookup.FolderOf(Results, run))];
        var runs = named.SelectMany(RunsIn).DistinctBy(run => run.Folder, StringComparer.Ordinal)
            .OrderBy(run => run.StartedAt).ThenBy(run => run.Id, StringComparer.Ordinal).ToList();
        if (runs.Count == 0)
        {
            throw RunLookup.Missing(Results, "");
        }

        var history = RunHistory.Of(runs, run => RunParser.Parse(run.Folder, cancellation: cancellation));
        foreach (var run in history.Runs.Where(run => run.LeftOut is not null))
        {
            Log.LogWarning(null, "FT0802", null, run.Folder, 0, 0, 0, 0, "{0}", $"run '{run.Id}' is left out: {run.LeftOut}");
        }

        PageFile = HistoryWriter.WriteAll(history, Directory.CreateDirectory(Results).FullName);
        Log.LogMessage(
            MessageImportance.High, "{0}",
            $"{history.Runs.Length} runs, {history.Lines.Select(line => line.Row).Distinct(StringComparer.Ordinal).Count()} rows, "
            + $"{history.Changes.Count()} changes beyond chance: {PageFile}");
        return System.Threading.Tasks.Task.CompletedTask;
    }

    private static IEnumerable<HistoryRun> RunsIn(string folder) =>
        (File.Exists(Path.Combine(folder, "run.json")) ? [folder] : Directory.Exists(folder) ? Directory.GetDirectories(folder) : [])
            .Where(path => File.Exists(Path.Combine(path, "run.json"))).Select(Described);

    private static HistoryRun Described(string folder)
    {
        var path = Path.GetFullPath(folder);
        try
        {
            var manifest = RunFolder.Open(path).Manifest;
            return new HistoryRun(manifest.Id, path, manifest.Anchor.Utc);
        }
        catch (FaultMatrixException)
        {
            // The parser will say what is wrong with it; where it stands in time is told by its folder.
            return new HistoryRun(Path.GetFileName(path), path, new DateTimeOffset(Directory.GetCreationTimeUtc(path), TimeSpan.Zero));
        }
    }
}
