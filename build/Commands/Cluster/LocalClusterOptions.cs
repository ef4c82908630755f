using FaultMatrix.Build.Hosting;
using FaultMatrix.Build.Model;

namespace FaultMatrix.Build.Commands.Cluster;

/// <summary>How a local cluster is started: the command line that ARCHITECTURE.md gives.</summary>
internal sealed record LocalClusterOptions(string Program, string DataFolder, string Kubeconfig, string LogFile,
    IReadOnlyList<string> Arguments, bool Lasting)
{
    /// <summary>What the files of a cluster that ends with its process are called, before that process's number.</summary>
    public const string TemporaryPrefix = EngineTemp.Prefix;

    /// <summary>Its folder for temporary files, as the environment of the command names it; null for the system's.</summary>
    public string? TemporaryFolder { get; init; }

    /// <summary>The folder for temporary files of this process's engine; the next run removes it where this one could not.</summary>
    public static string EngineFolder(Invocation invocation) =>
        Path.Combine(invocation.Temp, $"{EngineTemp.Prefix}{Environment.ProcessId}{EngineTemp.Suffix}");

    /// <summary>How long a cluster may take until it is ready.</summary>
    public TimeSpan StartLimit { get; init; } = TimeSpan.FromSeconds(60);

    private const string Image = "faultmatrix/stand-in:1";

    /// <summary>The tool's own image, for loads from the cluster.</summary>
    public const string ToolImage = "faultmatrix/tool:1";

    /// <summary>A cluster that ends with this process.</summary>
    /// <param name="invocation">What was asked.</param>
    /// <param name="podNetworks">Whether a selected fault needs pods with networks of their own.</param>
    public static LocalClusterOptions Temporary(Invocation invocation, bool podNetworks = false) =>
        Make(invocation, TemporaryPrefix + Environment.ProcessId, 0, lasting: false, podNetworks);

    /// <summary>A cluster that stays.</summary>
    public static LocalClusterOptions Staying(Invocation invocation, string name) =>
        Make(invocation, $"cluster-{name}", int.Parse(invocation.Parameters.Text("Port") ?? "0", null), lasting: true, podNetworks: false);

    /// <summary>Removes what a cluster that has ended may have left.</summary>
    public void RemoveFiles() => RemoveFiles(DataFolder);

    /// <summary>Removes what a cluster that has ended may have left: its folder, and the files beside it that have its name.</summary>
    /// <param name="dataFolder">Its folder.</param>
    public static void RemoveFiles(string dataFolder)
    {
        if (Directory.Exists(dataFolder))
        {
            Directory.Delete(dataFolder, recursive: true);
        }

        foreach (var kind in new[] { ".kubeconfig", ".log" })
        {
            File.Delete(dataFolder + kind);
        }
    }

    private static LocalClusterOptions Make(Invocation invocation, string name, int port, bool lasting, bool podNetworks)
    {
        if (!invocation.Machine.IsLinux)
        {
            throw new FrontException(
                "FT0303", $"The local cluster runs on Linux only, and this machine has {invocation.Machine.Description.TrimEnd('.')}. "
                + "Name a cluster with --kubeconfig and --namespace, or use a Linux machine or container.");
        }

        string Artifact(params string[] parts) => Path.Combine([invocation.Home, "artifacts", "bin", .. parts]);
        var data = Path.Combine(invocation.Temp, name);
        var kubeconfig = Path.Combine(invocation.Temp, name + ".kubeconfig");
        var namespaces = invocation.Parameters.Items("Namespace").Append(ClusterUse.DefaultNamespace).Distinct(StringComparer.Ordinal);
        var program = Artifact("FaultTolerance.LocalCluster", "release", "FaultTolerance.LocalCluster");
        if (!File.Exists(program))
        {
            throw new FrontException(
                "FT0303", $"The local cluster's program '{Path.GetRelativePath(invocation.Root, program)}' is not built; "
                + "./build.sh builds it when it is run from the sources.");
        }

        List<string> arguments = ["--data", data, "--kubeconfig", kubeconfig, "--port", $"{port}"];
        foreach (var ns in namespaces)
        {
            arguments.AddRange(["--namespace", ns]);
        }

        arguments.AddRange(["--image", $"{Image}={Artifact("FaultTolerance.StandIn", "release", "image")}"]);
        arguments.AddRange(["--image", $"{ToolImage}={Artifact("FaultTolerance.LoadWorker", "release", "image")}"]);
        foreach (var image in LocalImages.Of(invocation))
        {
            arguments.AddRange(["--image", image]);
        }

        // An operator looks for Grove's definitions when it starts.
        foreach (var manifest in invocation.Parameters.Flag("Grove") ? ["crd.yaml", "grove.yaml", "operator.yaml"] : (string[])["crd.yaml", "operator.yaml"])
        {
            arguments.AddRange(["--manifest", Path.Combine(invocation.Home, "deploy", "stand-in", manifest)]);
        }

        if (podNetworks || invocation.Parameters.Flag("PodNetworks"))
        {
            arguments.Add("--pod-networks");
        }

        if (!lasting)
        {
            arguments.Add("--until-stdin-closes");
        }

        return new LocalClusterOptions(program, data, kubeconfig, Path.Combine(invocation.Temp, name + ".log"), arguments, lasting)
        {
            TemporaryFolder = invocation.Environment.GetValueOrDefault("TMPDIR"),
        };
    }
}
