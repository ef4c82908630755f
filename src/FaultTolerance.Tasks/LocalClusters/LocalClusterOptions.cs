using System.Runtime.Versioning;

namespace FaultTolerance.LocalClusters;

/// <summary>How a local cluster is started that ends with its owner; the program's options stand in docs/local-cluster.md.</summary>
[SupportedOSPlatform("linux")]
internal sealed record LocalClusterOptions
{
    private const string ImageName = "faultmatrix/stand-in:1";

    /// <summary>Folder of the .NET that runs it.</summary>
    public required string DotnetRoot { get; init; }

    /// <summary>Its assembly.</summary>
    public required string Program { get; init; }

    /// <summary>Folder for all that it needs, its own while it runs and gone with it.</summary>
    public required string Folder { get; init; }

    /// <summary>The namespace that is made, and that its kubeconfig names.</summary>
    public required string Namespace { get; init; }

    /// <summary>What is applied at its start.</summary>
    public required IReadOnlyList<string> Manifests { get; init; }

    /// <summary>The stand-ins' image.</summary>
    public required ImageFolder StandIn { get; init; }

    /// <summary>How long it may take until it is ready.</summary>
    public TimeSpan StartLimit { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Where the image is made.</summary>
    public string ImageFolder => Path.Combine(Folder, "image");

    /// <summary>Where its kubeconfig is written.</summary>
    public string Kubeconfig => Path.Combine(Folder, "kubeconfig");

    /// <summary>The command line: the program, then its arguments.</summary>
    public IReadOnlyList<string> Words =>
    [
        Path.Combine(DotnetRoot, "dotnet"), "exec", Program,
        "--data", Path.Combine(Folder, "cluster"), "--kubeconfig", Kubeconfig, "--namespace", Namespace,
        "--image", $"{ImageName}={ImageFolder}",
        .. Manifests.SelectMany(manifest => new[] { "--manifest", manifest }),
        "--until-stdin-closes",
    ];
}
