using FaultTolerance.Results.Merging;
using Microsoft.Build.Framework;

namespace FaultTolerance.Tasks;

/// <summary>Joins the runs of a partition into one new run. The runs stay as they are; rows that none of them has are named.</summary>
public sealed class MergeRuns : AsyncTask
{
    /// <summary>Folder of runs.</summary>
    [Required]
    public string Results { get; set; } = "";

    /// <summary>The runs: ids or folders, at least two.</summary>
    public string[] Runs { get; set => field = ScenarioSource.List(value); } = [];

    /// <summary>The new run's id; empty makes one.</summary>
    public string Run { get; set; } = "";

    /// <summary>Set where others of this machine may read the new run.</summary>
    public bool SharedResults { get; set; }

    /// <summary>The new run's folder.</summary>
    [Output]
    public string RunFolder { get; set; } = "";

    /// <inheritdoc/>
    protected override System.Threading.Tasks.Task RunAsync(CancellationToken cancellation)
    {
        if (Runs.Length < 2)
        {
            throw new FaultMatrixException(
                "FT0123", $"Merge needs the runs of a partition, and got {Runs.Length}: ./build.sh Merge --runs A B C D");
        }

        var id = Run.Length > 0 ? Run : FaultTolerance.Runs.RunFolder.NewId(TimeProvider.System);
        var folders = Runs.Select(run => RunLookup.FolderOf(Results, run)).ToList();
        (RunFolder, var missing) = RunMerge.Make(Results, id, folders, SharedResults, cancellation);
        Log.LogMessage(MessageImportance.High, "{0}", $"Run {id} has the rows of {string.Join(", ", folders.Select(Path.GetFileName))}.");
        if (missing.Count > 0)
        {
            Log.LogMessage(MessageImportance.High, "{0}", $"No part has {string.Join(", ", missing)}.");
        }

        return System.Threading.Tasks.Task.CompletedTask;
    }
}
