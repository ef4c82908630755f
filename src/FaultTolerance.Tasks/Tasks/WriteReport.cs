using System.Globalization;
using FaultTolerance.Faults;
using FaultTolerance.Reports.Page;
using FaultTolerance.Results;
using FaultTolerance.Results.Checks;
using Microsoft.Build.Framework;

namespace FaultTolerance.Tasks;

/// <summary>Makes a run's page again from its artefacts; the same artefacts give the same bytes.</summary>
public sealed class WriteReport : AsyncTask
{
    /// <summary>A run's folder, or a folder of runs (then the latest).</summary>
    [Required]
    public string Results { get; set; } = "";

    /// <summary>The run's id; empty for the latest.</summary>
    public string Run { get; set; } = "";

    /// <summary>Latency limit, seconds; empty for none.</summary>
    public string Sla { get; set; } = "";

    /// <summary>The run's folder, which holds the page.</summary>
    [Output]
    public string RunFolder { get; set; } = "";

    /// <inheritdoc/>
    protected override System.Threading.Tasks.Task RunAsync(CancellationToken cancellation)
    {
        RunFolder = RunLookup.Find(Results, Run);
        var sla = Sla.Length == 0 ? (double?)null : double.Parse(Sla, CultureInfo.InvariantCulture);
        PageWriter.Write(
            RunJudge.Judge(RunParser.Parse(RunFolder, new ParseOptions { Sla = sla }, cancellation)),
            RunFolder,
            FaultKinds.Standard.Words
        );
        return System.Threading.Tasks.Task.CompletedTask;
    }
}
