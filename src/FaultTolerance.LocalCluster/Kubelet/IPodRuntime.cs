namespace FaultTolerance.LocalCluster.Kubelet;

/// <summary>How <c>GET .../log</c> asks for a log.</summary>
/// <param name="Container">Container name; null means the only one.</param>
/// <param name="Follow">Go on until the container ends.</param>
/// <param name="Previous">The log of the instance before the present one.</param>
/// <param name="TailLines">Only the last lines.</param>
/// <param name="LimitBytes">At most so many bytes.</param>
/// <param name="Since">Only lines stamped at or after this time.</param>
/// <param name="Timestamps">RFC 3339 stamp before each line.</param>
internal sealed record LogRequest(
    string? Container, bool Follow, bool Previous, int? TailLines, long? LimitBytes, DateTimeOffset? Since, bool Timestamps);

/// <summary>
/// A command could not be started in a container; the message is in the words of Kubernetes and of a container's runtime.
/// </summary>
internal sealed class ExecStartException(string why) : Exception(
    "Internal error occurred: error executing command in container: failed to exec in container: "
    + $"OCI runtime exec failed: exec failed: unable to start container process: {why}: unknown");

/// <summary>A command started inside a container.</summary>
internal interface IExecSession : IAsyncDisposable
{
    /// <summary>The command's standard input, or null when none was asked for.</summary>
    Stream? Input { get; }

    /// <summary>The command's standard output.</summary>
    Stream Output { get; }

    /// <summary>The command's standard error.</summary>
    Stream Error { get; }

    /// <summary>Waits for the end and gives the exit code (128 + n for a signal).</summary>
    Task<int> WaitAsync(CancellationToken cancellation);
}

/// <summary>
/// What the API server needs of the kubelet. Refusals are <see cref="Storage.StoreException"/>s with the status Kubernetes
/// would use (400 for a container that has not started or has no previous log, 404 for a pod that is not there).
/// </summary>
internal interface IPodRuntime
{
    /// <summary>Writes the log to <paramref name="destination"/>.</summary>
    Task WriteLogAsync(string @namespace, string pod, LogRequest request, Stream destination, CancellationToken cancellation);

    /// <summary>Starts a command in the container's namespaces, with its environment; no shell is involved.</summary>
    /// <exception cref="ExecStartException">It is not there, or no program.</exception>
    Task<IExecSession> ExecAsync(
        string @namespace,
        string pod,
        string? container,
        IReadOnlyList<string> command,
        bool stdin,
        bool tty,
        CancellationToken cancellation
    );

    /// <summary>Opens a connection to a port of the pod, at the pod's own address.</summary>
    Task<Stream> ConnectAsync(string @namespace, string pod, int port, CancellationToken cancellation);
}
