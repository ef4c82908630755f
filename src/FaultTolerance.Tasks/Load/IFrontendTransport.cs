using FaultTolerance.Artefacts;
using FaultTolerance.Load.Http;

namespace FaultTolerance.Load;

/// <summary>A frontend pod that requests can be sent to.</summary>
/// <param name="Pod">Its name.</param>
/// <param name="Uid">Its uid; a pod that took over the name is another frontend.</param>
/// <param name="BaseAddress">Scheme, host and port for the request line; with port-forward the host is only a name.</param>
internal sealed record FrontendEndpoint(string Pod, string Uid, Uri BaseAddress)
{
    /// <summary>What goes with every request to it.</summary>
    public RequestHeaders Headers { get; init; } = RequestHeaders.None;
}

/// <summary>The way from a client to the frontends: port-forward through the API server, or the service's address.</summary>
internal interface IFrontendTransport : IAsyncDisposable
{
    /// <summary>
    /// The frontends that are ready now, kept up to date by a watch; never a request to the API per call. A list that was given
    /// out does not change: when the frontends do, the property gives another one.
    /// </summary>
    IReadOnlyList<FrontendEndpoint> Ready { get; }

    /// <summary>
    /// Connections go through a proxy of ours (the API server and the kubelet), which answers for the pod whether it can be reached: one
    /// that is not made in time is then <see cref="Outcome.Transport"/>, and not the pod's <see cref="Outcome.ConnectTimeout"/>.
    /// </summary>
    bool IsTunnel => false;

    /// <summary>
    /// Opens a connection for one HTTP connection. Throws <see cref="TransportException"/>, which tells the product's refusal
    /// from a fault of our own transport. The stream is read and written at once by two callers, a read is outstanding on it while it
    /// is idle, what is written is sent without a flush, and disposing it ends reads and writes. A tunnel that breaks later throws the same
    /// exception from its reads and writes.
    /// </summary>
    ValueTask<Stream> ConnectAsync(FrontendEndpoint endpoint, CancellationToken cancellation);
}

/// <summary>A connection that could not be made, or a tunnel that broke.</summary>
/// <param name="outcome"><see cref="Outcome.Refused"/>, <see cref="Outcome.ConnectTimeout"/>, <see cref="Outcome.Dns"/> or, when it is our
/// own fault, <see cref="Outcome.Transport"/>.</param>
/// <param name="message">What happened.</param>
/// <param name="inner">Its cause.</param>
internal sealed class TransportException(Outcome outcome, string message, Exception? inner = null) : IOException(message, inner)
{
    /// <summary>How the attempt counts.</summary>
    public Outcome Outcome { get; } = outcome;
}
