using Microsoft.Build.Framework;
using Task = Microsoft.Build.Utilities.Task;

namespace FaultTolerance.Tasks;

/// <summary>Ends the cluster of <see cref="StartLocalCluster"/> and removes its folder; does nothing where there is none.</summary>
public sealed class EndLocalCluster : Task
{
    /// <summary>The cluster's folder.</summary>
    [Required]
    public string Folder { get; set; } = "";

    /// <inheritdoc/>
    public override bool Execute()
    {
        var engine = (IBuildEngine4)BuildEngine;
        if (engine.UnregisterTaskObject(StartLocalCluster.Key(Folder), RegisteredTaskObjectLifetime.Build) is IDisposable cluster)
        {
            cluster.Dispose();
            Log.LogMessage(MessageImportance.High, "{0}", "The local cluster has ended.");
        }

        return true;
    }
}
