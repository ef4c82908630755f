namespace FaultTolerance.LocalCluster.Kubelet;

/// <summary>What the kubelet is given.</summary>
internal sealed class KubeletOptions
{
    /// <summary>Folder for pod folders and logs; made when missing, mode 0700.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>Image name to folder.</summary>
    public required IReadOnlyDictionary<string, string> Images { get; init; }

    /// <summary>Where the pods reach the API server.</summary>
    public required string ApiServerHost { get; init; }

    /// <summary>The API server's port.</summary>
    public required int ApiServerPort { get; init; }

    /// <summary>The file with the CA certificate that pods are to trust.</summary>
    public required string CaPem { get; init; }

    /// <summary>Makes a token: namespace, service account, pod uid.</summary>
    public required Func<string, string, string, string> TokenFor { get; init; }

    /// <summary>First wait before a restart (the second of a row); doubles up to <see cref="BackoffMaximum"/>.</summary>
    public TimeSpan BackoffInitial { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Longest wait before a restart.</summary>
    public TimeSpan BackoffMaximum { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Bytes in one log file; two are kept per container instance.</summary>
    public long LogFileBytes { get; init; } = 10 * 1024 * 1024;

    /// <summary>Whether pods get networks of their own, where the machine gives them.</summary>
    public bool PodNetworks { get; init; }

    /// <summary>What is tried, best first; when none of it works, containers get no namespaces.</summary>
    public IReadOnlyList<IsolationMode> IsolationModes { get; init; } = [IsolationMode.Namespaces, IsolationMode.UserNamespace];
}
