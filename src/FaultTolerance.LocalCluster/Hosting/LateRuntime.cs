using FaultTolerance.LocalCluster.Kubelet;
using FaultTolerance.LocalCluster.Storage;

namespace FaultTolerance.LocalCluster.Hosting;

/// <summary>
/// Stands for the kubelet until it is there: the kubelet must know the API's port, which is known only when the API listens.
/// </summary>
internal sealed class LateRuntime : IPodRuntime
{
    private volatile IPodRuntime? _runtime;

    private IPodRuntime Runtime => _runtime ?? throw new StoreException(503, "ServiceUnavailable", "the node is starting; try again");

    /// <summary>From now on this one serves.</summary>
    public void Set(IPodRuntime runtime) => _runtime = runtime;

    /// <inheritdoc/>
    public Task WriteLogAsync(string @namespace, string pod, LogRequest request, Stream destination, CancellationToken cancellation) =>
        Runtime.WriteLogAsync(@namespace, pod, request, destination, cancellation);

    /// <inheritdoc/>
    public Task<IExecSession> ExecAsync(
        string @namespace,
        string pod,
        string? container,
        IReadOnlyList<string> command,
        bool stdin,
        bool tty,
        CancellationToken cancellation
    ) => Runtime.ExecAsync(@namespace, pod, container, command, stdin, tty, cancellation);

    /// <inheritdoc/>
    public Task<Stream> ConnectAsync(string @namespace, string pod, int port, CancellationToken cancellation) =>
        Runtime.ConnectAsync(@namespace, pod, port, cancellation);
}
