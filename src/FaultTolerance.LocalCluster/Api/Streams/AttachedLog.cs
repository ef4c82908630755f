using System.IO.Pipelines;
using FaultTolerance.LocalCluster.Kubelet;
using FaultTolerance.LocalCluster.Storage;

namespace FaultTolerance.LocalCluster.Api.Streams;

/// <summary>
/// A running container's output from now on, as <c>attach</c> shows it; ends with the container. Its input is not to be had.
/// </summary>
internal sealed class AttachedLog : IExecSession
{
    private readonly CancellationTokenSource _end;
    private readonly Pipe _output = new();
    private readonly Task _writing;

    private AttachedLog(IPodRuntime runtime, string @namespace, string pod, string? container, CancellationToken cancellation)
    {
        _end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _writing = WriteAsync(runtime, @namespace, pod, container);
    }

    /// <inheritdoc/>
    public Stream? Input => null;

    /// <inheritdoc/>
    public Stream Output => _output.Reader.AsStream();

    /// <inheritdoc/>
    public Stream Error => Stream.Null;

    /// <summary>Begins to follow.</summary>
    /// <exception cref="StoreException">400: input was asked for.</exception>
    public static IExecSession Start(IPodRuntime runtime, string @namespace, string pod, string? container, bool stdin,
        CancellationToken cancellation) =>
        stdin
            ? throw StoreErrors.BadRequest(
                $"pod {pod}: the container did not allocate one: this cluster attaches to a container's output only")
            : new AttachedLog(runtime, @namespace, pod, container, cancellation);

    /// <inheritdoc/>
    public async Task<int> WaitAsync(CancellationToken cancellation)
    {
        await _writing.WaitAsync(cancellation);
        return 0;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
    }

    private async Task WriteAsync(IPodRuntime runtime, string @namespace, string pod, string? container)
    {
        try
        {
            var request = new LogRequest(container, Follow: true, Previous: false, TailLines: 0, LimitBytes: null, Since: null,
                Timestamps: false);
            await runtime.WriteLogAsync(@namespace, pod, request, _output.Writer.AsStream(), _end.Token);
        }
        finally
        {
            await _output.Writer.CompleteAsync();
        }
    }
}
