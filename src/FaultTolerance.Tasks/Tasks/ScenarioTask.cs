using FaultTolerance.Artefacts.Events;
using FaultTolerance.Cluster;
using FaultTolerance.Tasks.Sessions;
using Microsoft.Build.Framework;

namespace FaultTolerance.Tasks;

/// <summary>A task about one scenario of a run: one phase, told to the timeline and to the front.</summary>
public abstract class ScenarioTask : ClusterTask
{
    // The front knows by it what to show at once, and leaves out the message, which is for those without a front.
    private const string Waiting = "waiting";

    /// <summary>The scenario's name.</summary>
    public string Scenario { get; set; } = "";

    /// <summary>The run's folder.</summary>
    public string RunFolder { get; set; } = "";

    /// <summary>Longest wait for pods to end, seconds; empty is 120.</summary>
    public string TeardownTimeout { get; set; } = "";

    /// <summary>Whether the end of the build removes the deployment; set by the umbrella only.</summary>
    public bool OwnsDeployment { get; set; }

    /// <summary>Name of the phase.</summary>
    private protected abstract string Phase { get; }

    /// <summary>Whether this task, when it opens a session of its own, writes what the watch sees to the timeline.</summary>
    private protected virtual bool Observes => false;

    /// <summary>
    /// Whether the phase ends when the run loses its namespace. A load goes on to its end, and its row is invalid; what collects and
    /// removes works on what is the run's own.
    /// </summary>
    private protected virtual bool NeedsNamespace => false;

    /// <summary>Whether a lost namespace spoils what the phase does.</summary>
    private protected virtual bool Measures => true;

    /// <inheritdoc/>
    private protected override void Take(Func<string, string> parameter)
    {
        base.Take(parameter);
        Scenario = parameter(nameof(Scenario));
        RunFolder = parameter(nameof(RunFolder));
        TeardownTimeout = parameter(nameof(TeardownTimeout));
        OwnsDeployment = parameter(nameof(OwnsDeployment)).Equals("true", StringComparison.OrdinalIgnoreCase);
    }

    private protected TimeSpan Patience => Seconds(TeardownTimeout, TimeSpan.FromSeconds(120));

    private protected Progress Report => new(BuildEngine, Scenario, Phase);

    /// <summary>Says what is waited for, to the front and, for those without one, to the build's log.</summary>
    private protected void Tell(string text)
    {
        Report.Report(Waiting, text);
        Log.LogMessage(null, Waiting, null, null, 0, 0, 0, 0, MessageImportance.High, "{0}", $"{Scenario}: {Phase}: {text}");
    }

    /// <summary>The phase's work.</summary>
    private protected abstract System.Threading.Tasks.Task RunAsync(ScenarioSession session, CancellationToken cancellation);

    /// <inheritdoc/>
    protected sealed override async System.Threading.Tasks.Task RunAsync(CancellationToken cancellation)
    {
        var session = await SessionAsync(cancellation);
        Report.Report("started", Opening, ("pods", session.PodsInShort()));
        Note(session, PhaseState.Started);
        try
        {
            await OnFirmGroundAsync(session, cancellation);
        }
        catch (Exception e)
        {
            // Whatever it was: the row must say in which phase it ended. The exception goes on to where it is reported.
            var reason =
                e is OperationCanceledException ? "cancelled"
                : e is FaultMatrixException coded ? $"{coded.Code}: {coded.Message}"
                : SecretText.Hide(ForeignText.Line(e.Message));
            Note(session, PhaseState.Failed, reason);
            Report.Report("failed", reason);
            throw;
        }

        Note(session, PhaseState.Done);
        if (session.TakeWriteFailure() is { } failure)
        {
            // The phase's work is done, but its record is not whole.
            LogCoded(failure);
        }

        Report.Report("done", Summary(session), ("pods", session.PodsInShort()));
        await AfterAsync(session);
    }

    // The phase ends at once, with the reason, when there is no cluster any more: whatever it waits for cannot come.
    private async System.Threading.Tasks.Task OnFirmGroundAsync(ScenarioSession session, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        FaultMatrixException? end = session.ClusterGone;
        void Lost(FaultMatrixException loss)
        {
            if (loss.Code == GroundWatch.Gone)
            {
                session.ClusterGone = loss;
            }
            else if (Measures && !NeedsNamespace && session.NoteLostNamespace(loss))
            {
                Log.LogWarning(null, loss.Code, null, null, 0, 0, 0, 0, "{0}", loss.Message);
            }

            if (loss.Code == GroundWatch.Gone || NeedsNamespace)
            {
                end ??= loss;
                stop.Cancel();
            }
        }

        // A phase of this process found it so; by now it may be back.
        if (end is not null && await session.Cluster.RefusalAsync(cancellation) is not null)
        {
            throw end;
        }

        (end, session.ClusterGone) = (null, null);

        await using var ground = GroundWatch.Start(session.Cluster, RunFolder, Lost);
        try
        {
            await RunAsync(session, stop.Token);
        }
        catch (Exception e)
            when (end is not null && e is OperationCanceledException or ClusterException && !cancellation.IsCancellationRequested)
        {
            throw end;
        }
    }

    /// <summary>What comes after the phase has been noted as done.</summary>
    private protected virtual System.Threading.Tasks.Task AfterAsync(ScenarioSession session) => System.Threading.Tasks.Task.CompletedTask;

    /// <summary>What the phase's first line says where it does not just start.</summary>
    private protected virtual string Opening => "";

    /// <summary>What the phase's last line says.</summary>
    private protected virtual string Summary(ScenarioSession session) => "done";

    /// <summary>Takes the lease out, so that its end is this task's.</summary>
    private protected Lease? TakeLease() =>
        (Lease?)((IBuildEngine4)BuildEngine).UnregisterTaskObject(LeaseKey, RegisteredTaskObjectLifetime.Build);

    private string LeaseKey => Lease.Key(Path.GetFileName(RunFolder), Scenario);

    private async Task<ScenarioSession> SessionAsync(CancellationToken cancellation)
    {
        var engine = (IBuildEngine4)BuildEngine;
        if (engine.GetRegisteredTaskObject(LeaseKey, RegisteredTaskObjectLifetime.Build) is Lease lease)
        {
            return lease.Session;
        }

        var run = Runs.RunFolder.Open(RunFolder);
        var plan = RunPlans.Read(RunFolder);
        var scenario = plan.Select([Scenario], run.Manifest.Id).Single();
        var session = await ScenarioSession.OpenAsync(
            await ConnectAsync(run, cancellation),
            scenario,
            run,
            (cluster, watch) => Ways.Of(plan, cluster, watch),
            Observes,
            cancellation
        );
        session.Seed = plan.Seed;
        engine.RegisterTaskObject(
            LeaseKey,
            new Lease(session, OwnsDeployment, Patience),
            RegisteredTaskObjectLifetime.Build,
            allowEarlyCollection: false
        );
        return session;
    }

    private async Task<ClusterSession> ConnectAsync(Runs.RunFolder run, CancellationToken cancellation)
    {
        var cluster = await ConnectAsync(cancellation);
        if (cluster.Namespace == run.Manifest.Namespace)
        {
            return cluster;
        }

        var there = cluster.Namespace;
        cluster.Dispose();
        throw new FaultMatrixException(
            "FT0120",
            $"run '{run.Manifest.Id}' is in namespace '{run.Manifest.Namespace}', and '{there}' is meant here; name its own by --namespace");
    }

    private void Note(ScenarioSession session, PhaseState state, string? reason = null) =>
        session.Timeline.Write(new PhaseChanged { Phase = Phase, State = state, Reason = reason });
}
