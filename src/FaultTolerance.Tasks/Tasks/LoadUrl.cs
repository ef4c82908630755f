using FaultTolerance.Artefacts.Events;
using FaultTolerance.Artefacts.TestLogs;
using FaultTolerance.Load;
using FaultTolerance.Load.Urls;
using FaultTolerance.Scenarios;
using FaultTolerance.Tasks.Urls;
using Microsoft.Build.Framework;

namespace FaultTolerance.Tasks;

/// <summary>
/// The whole of a row whose deployment is an address: its load, with no cluster. Nothing is deployed, injected or removed.
/// </summary>
public sealed class LoadUrl : AsyncTask
{
    private const string Phase = "Load";

    /// <summary>The scenario's name.</summary>
    [Required]
    public string Scenario { get; set; } = "";

    /// <summary>The run's folder.</summary>
    [Required]
    public string RunFolder { get; set; } = "";

    /// <inheritdoc/>
    protected override async System.Threading.Tasks.Task RunAsync(CancellationToken cancellation)
    {
        var run = Runs.RunFolder.Open(RunFolder);
        var plan = RunPlans.Read(RunFolder);
        var row = plan.Select([Scenario], run.Manifest.Id).Single();
        var folder = run.Scenario(row.Name);
        var report = new Progress(BuildEngine, Scenario, Phase);
        Runs.ResultAccess.CreateFolder(folder.Path);
        using var timeline = new TimelineWriter(folder.Timeline, run.Clock(Time));
        using var log = new TestLog(folder.TestLog, timeline.Clock);
        log.Info(Phase, $"asks {row.Deployment.Url!.Url}");
        report.Report("started", $"asks {row.Deployment.Url!.Url}");
        timeline.Write(new PhaseChanged { Phase = Phase, State = PhaseState.Started });
        try
        {
            var totals = await SendAsync(row, plan.Seed, folder, timeline, log, report, cancellation);
            timeline.Write(new PhaseChanged { Phase = Phase, State = PhaseState.Done });
            report.Report("done", LoadReport.Sum(totals));
        }
        catch (Exception e)
        {
            var reason = e is OperationCanceledException ? "cancelled"
                : e is FaultMatrixException coded ? $"{coded.Code}: {coded.Message}" : SecretText.Hide(ForeignText.Line(e.Message));
            timeline.Write(new PhaseChanged { Phase = Phase, State = PhaseState.Failed, Reason = reason });
            report.Report("failed", reason);
            throw;
        }
    }

    private async Task<LoadTotals> SendAsync(
        Scenario row, int seed, Runs.ScenarioFolder folder, TimelineWriter timeline, TestLog log, Progress report,
        CancellationToken cancellation)
    {
        var target = row.Deployment.Url!;
        var headers = UrlSecrets.Read(target, Environment.GetEnvironmentVariable);
        await using var transport = new UrlTransport(target, headers);
        var model = await UrlCheck.AnsweringModelAsync(transport, row.Load.Api, row.Deployment.Model, Time, cancellation);
        timeline.Write(new LoadTarget(target.Url, target.Http2 ? "2" : "1.1", model));
        if (row.Failure.External is { } external)
        {
            timeline.Write(new ExternalExpected(external.After?.TotalSeconds));
        }

        var spec = row.Load with { Seed = row.Load.Seed + seed - 1 + row.Trial - 1 };
        if (spec.RateSearch is { } search)
        {
            // The row's own load comes last: once more at the rate that was found, by requests that did not choose it.
            var rate = await new RateSteps
            {
                Load = spec, Model = model, Transport = transport, Headers = headers, Folder = folder, Timeline = timeline, Log = log,
                Report = report, Time = Time,
            }.RunAsync(cancellation);
            spec = search.Step(spec, rate, 0);
        }

        await using var load = LoadGenerator.Start(
            spec, model, transport, folder, timeline,
            new LoadOptions { Headers = headers, LastFaultDue = row.Failure.External?.After },
            CancellationToken.None);
        return await LoadReport.WhileAsync(load, spec, report, Time, static () => "", cancellation);
    }
}
