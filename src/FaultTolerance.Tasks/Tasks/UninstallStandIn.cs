using FaultTolerance.Deployments.Platform;
using Microsoft.Build.Framework;

namespace FaultTolerance.Tasks;

/// <summary>Removes what <see cref="InstallStandIn"/> installed.</summary>
public sealed class UninstallStandIn : ClusterTask
{
    /// <summary>Folder of the manifests.</summary>
    [Required]
    public string Manifests { get; set; } = "";

    /// <summary>How long pods may take to go, seconds; empty is 120.</summary>
    public string TeardownTimeout { get; set; } = "";

    /// <inheritdoc/>
    protected override async System.Threading.Tasks.Task RunAsync(CancellationToken cancellation)
    {
        using var session = await ConnectAsync(cancellation);
        var (removed, kept) = await new StandInPlatform(session, Manifests, text =>
            Log.LogMessage(MessageImportance.High, "{0}", text)
        ).UninstallAsync(Seconds(TeardownTimeout, TimeSpan.FromSeconds(120)), cancellation);
        Log.LogMessage(
            MessageImportance.High,
            removed.Count == 0
                ? $"Nothing of the stand-in is installed in namespace '{session.Namespace}'."
                : $"Removed from namespace '{session.Namespace}': {string.Join(", ", removed)}."
        );
        if (kept is not null)
        {
            Log.LogMessage(MessageImportance.High, $"The resource definition stays: {kept}.");
        }
    }
}
