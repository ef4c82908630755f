using FaultTolerance.Cluster;
using FaultTolerance.Cluster.Sharing;
using FaultTolerance.Deployments;
using FaultTolerance.Faults;
using FaultTolerance.Faults.Undo;

namespace FaultTolerance.Tasks;

/// <summary>
/// Removes everything that runs have made in a namespace, found by its labels: of one run, or of all. It is what is left to do after
/// a run was killed, and does nothing where nothing is left.
/// </summary>
public sealed class RemoveLeftovers : ClusterTask
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    /// <summary>The run's id; empty for all runs.</summary>
    public string Run { get; set; } = "";

    /// <summary>Longest wait, seconds; empty is 120.</summary>
    public string TeardownTimeout { get; set; } = "";

    /// <summary>Set to wait for another run in the namespace to end instead of refusing.</summary>
    public bool Wait { get; set; }

    /// <summary>Set where nothing should be there: what is found is then said aloud.</summary>
    public bool Unexpected { get; set; }

    /// <summary>Set at a run's end: only what its rows shared is removed, and nothing is said where there is nothing.</summary>
    public bool Shared { get; set; }

    /// <inheritdoc/>
    protected override async System.Threading.Tasks.Task RunAsync(CancellationToken cancellation)
    {
        if (Shared)
        {
            await RemoveSharedAsync(cancellation);
            return;
        }

        using var session = await ConnectAsync(cancellation);
        await NamespaceLease.RefuseOthersAsync(session, Wait, Tell, cancellation);

        // Before the graphs go: a fault is undone while what it was done to is there. One that cannot be undone keeps no graph.
        FaultMatrixException? left = null;
        try
        {
            await new LeftFaults(session, FaultKinds.Standard, Tell).HealAsync(
                overdueOnly: false, new FaultOptions().HealTimeout, cancellation);
        }
        catch (FaultMatrixException e)
        {
            left = e;
        }

        var removed = await new LeftoverSweep(session, waiting: Tell).RemoveAsync(
            ScenarioSource.Given(Run), Seconds(TeardownTimeout, Patience), cancellation);
        if (removed.Count > 0)
        {
            var what = $"{string.Join(", ", removed)} in namespace '{session.Namespace}'";
            Tell(Unexpected ? $"An earlier run left {what}: removed." : $"Removed {what}.");
        }
        else if (!Unexpected)
        {
            Tell($"Nothing to remove in namespace '{session.Namespace}'.");
        }

        if (left is not null)
        {
            throw left;
        }
    }

    // This run's own, by its label. Whose the namespace is by now is another question, and another's lease is not looked at.
    private async System.Threading.Tasks.Task RemoveSharedAsync(CancellationToken cancellation)
    {
        try
        {
            using var session = await ConnectAsync(cancellation);
            await new LeftoverSweep(session, waiting: Tell).RemoveSharedAsync(Run, Seconds(TeardownTimeout, Patience), cancellation);
        }
        catch (ClusterException e) when (e.Code == "FT0308")
        {
            // Somebody removed the namespace, and all that was in it; the rows say so.
        }
    }

    private void Tell(string text) => Log.LogMessage(Microsoft.Build.Framework.MessageImportance.High, "{0}", text);
}
