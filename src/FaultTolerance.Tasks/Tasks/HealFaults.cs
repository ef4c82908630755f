using FaultTolerance.Cluster;
using FaultTolerance.Cluster.Sharing;
using FaultTolerance.Faults;
using FaultTolerance.Faults.Undo;

namespace FaultTolerance.Tasks;

/// <summary>
/// Undoes the faults that killed commands have left in a namespace, from the notes that hang there. While another run holds the namespace,
/// only those whose deadline is over: it undoes its own.
/// </summary>
public sealed class HealFaults : ClusterTask
{
    /// <inheritdoc/>
    protected override async System.Threading.Tasks.Task RunAsync(CancellationToken cancellation)
    {
        using var session = await ConnectAsync(cancellation);
        var undone = await new LeftFaults(session, FaultKinds.Standard, Tell).HealAsync(
            await IsInUseAsync(session, cancellation), new FaultOptions().HealTimeout, cancellation);
        if (undone == 0)
        {
            Tell($"Nothing to undo in namespace '{session.Namespace}'.");
        }
    }

    private async Task<bool> IsInUseAsync(ClusterSession session, CancellationToken cancellation)
    {
        try
        {
            await NamespaceLease.RefuseOthersAsync(session, wait: false, Tell, cancellation);
            return false;
        }
        catch (ClusterException e) when (e.Code == "FT0315")
        {
            Tell($"A run is under way in namespace '{session.Namespace}': only what is overdue is undone.");
            return true;
        }
    }

    private void Tell(string text) => Log.LogMessage(Microsoft.Build.Framework.MessageImportance.High, "{0}", text);
}
