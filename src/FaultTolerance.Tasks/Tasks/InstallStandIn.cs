using FaultTolerance.Deployments.Platform;
using Microsoft.Build.Framework;

namespace FaultTolerance.Tasks;

/// <summary>Installs the stand-in's resource definition and operator in the namespace.</summary>
public sealed class InstallStandIn : ClusterTask
{
    /// <summary>Folder of the manifests.</summary>
    [Required]
    public string Manifests { get; set; } = "";

    /// <summary>How long the operator may take to be available, seconds; empty is 120.</summary>
    public string ReadyTimeout { get; set; } = "";

    /// <summary>Image of the stand-in; empty takes the manifests'.</summary>
    public string Image { get; set; } = "";

    /// <summary>Set to install the stand-in's Grove too.</summary>
    public bool Grove { get; set; }

    /// <inheritdoc/>
    protected override async System.Threading.Tasks.Task RunAsync(CancellationToken cancellation)
    {
        using var session = await ConnectAsync(cancellation);
        var applied = await new StandInPlatform(session, Manifests, text =>
            Log.LogMessage(MessageImportance.High, "{0}", text)
        )
        {
            Grove = Grove,
        }.InstallAsync(ScenarioSource.Given(Image), Seconds(ReadyTimeout, TimeSpan.FromSeconds(120)), cancellation);
        Log.LogMessage(MessageImportance.High, $"Installed in namespace '{session.Namespace}': {string.Join(", ", applied)}.");
    }
}
