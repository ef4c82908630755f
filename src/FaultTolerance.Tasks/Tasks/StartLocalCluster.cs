using System.Runtime.InteropServices;
using FaultTolerance.LocalClusters;
using Microsoft.Build.Framework;

namespace FaultTolerance.Tasks;

/// <summary>
/// Starts a local cluster with the stand-ins' operator, for this build alone: <see cref="EndLocalCluster"/> ends it, else the end of the
/// build does, also of one that failed or was cancelled, else the end of this process. Linux only (FT0303).
/// </summary>
public sealed class StartLocalCluster : AsyncTask
{
    /// <summary>Folder for all that the cluster needs; it is removed at the cluster's end.</summary>
    [Required]
    public string Folder { get; set; } = "";

    /// <summary>The cluster's assembly.</summary>
    [Required]
    public string Program { get; set; } = "";

    /// <summary>The stand-ins' assembly, in a folder of its own.</summary>
    [Required]
    public string StandIn { get; set; } = "";

    /// <summary>The names that the stand-ins are called by.</summary>
    [Required]
    public string[] StandInNames { get; set; } = [];

    /// <summary>What <c>image.json</c> of the stand-ins' image holds.</summary>
    [Required]
    public string StandInJson { get; set; } = "";

    /// <summary>Manifests that are applied at the start.</summary>
    public string[] Manifests { get; set; } = [];

    /// <summary>The namespace that is made.</summary>
    [Required]
    public string Namespace { get; set; } = "";

    /// <summary>Folder of the .NET that runs this.</summary>
    [Required]
    public string DotnetRoot { get; set; } = "";

    /// <summary>The SDK's template of a program's host.</summary>
    [Required]
    public string HostTemplate { get; set; } = "";

    /// <summary>The cluster's kubeconfig.</summary>
    [Output]
    public string Kubeconfig { get; set; } = "";

    /// <summary>What the engine keeps the cluster of a folder under.</summary>
    internal static string Key(string folder) => $"faultmatrix:cluster:{Path.GetFullPath(folder)}";

    /// <summary>The system that this machine has; tests name one that is not Linux.</summary>
    internal string? OtherSystem { get; set; }

    /// <inheritdoc/>
    protected override async System.Threading.Tasks.Task RunAsync(CancellationToken cancellation)
    {
        if (!OperatingSystem.IsLinux() || OtherSystem is not null)
        {
            var system = (OtherSystem ?? RuntimeInformation.OSDescription).TrimEnd('.');
            throw new FaultMatrixException(
                "FT0303", $"the local cluster runs on Linux only, and this machine has {system}. "
                + "Name a cluster with -p:Kubeconfig=FILE and -p:Namespace=NAMESPACE, or use a Linux machine or container");
        }

        var options = new LocalClusterOptions
        {
            DotnetRoot = DotnetRoot,
            Program = Path.GetFullPath(Program),
            Folder = Path.GetFullPath(Folder),
            Namespace = Namespace,
            Manifests = Manifests,
            StandIn = new ImageFolder(StandIn, HostTemplate, StandInNames, StandInJson),
        };
        var cluster = await LocalClusterProcess.StartAsync(options, Time, cancellation);
        ((IBuildEngine4)BuildEngine).RegisterTaskObject(
            Key(Folder), cluster, RegisteredTaskObjectLifetime.Build, allowEarlyCollection: false);
        Kubeconfig = options.Kubeconfig;
        Log.LogMessage(
            MessageImportance.High, "{0}",
            $"Cluster: a local cluster for this build at {cluster.Server}, with stand-in graphs. -p:Kubeconfig=FILE and "
            + $"-p:Namespace=NAMESPACE name another. {cluster.Note}".TrimEnd());
    }
}
