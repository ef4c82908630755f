using FaultTolerance.Reports.Comparison;
using FaultTolerance.Results;
using FaultTolerance.Results.Comparison;
using Microsoft.Build.Framework;

namespace FaultTolerance.Tasks;

/// <summary>Compares two runs and writes what differs into the newer one's folder: text, Markdown, CSV and a page.</summary>
public sealed class CompareRuns : AsyncTask
{
    /// <summary>Folder of runs.</summary>
    [Required]
    public string Results { get; set; } = "";

    /// <summary>Two runs, older first: ids or folders.</summary>
    public string[] Runs { get; set => field = ScenarioSource.List(value); } = [];

    /// <summary>The comparison as text.</summary>
    [Output]
    public string TextFile { get; set; } = "";

    /// <inheritdoc/>
    protected override System.Threading.Tasks.Task RunAsync(CancellationToken cancellation)
    {
        if (Runs.Length != 2)
        {
            throw new FaultMatrixException(
                "FT0109",
                $"Compare needs two runs, older first, and got {Runs.Length}: ./build.sh Compare --runs A B"
            );
        }

        var runs = Runs.Select(run => RunParser.Parse(RunLookup.FolderOf(Results, run), cancellation: cancellation)).ToList();
        TextFile = ComparisonWriter.WriteAll(RunComparison.Of(runs[0], runs[1]), runs[1].Folder);
        return System.Threading.Tasks.Task.CompletedTask;
    }
}
