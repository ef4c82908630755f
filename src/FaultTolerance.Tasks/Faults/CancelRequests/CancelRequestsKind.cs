using System.Collections.Immutable;
using System.Globalization;
using FaultTolerance.Artefacts.Events;
using FaultTolerance.Faults.Clients;
using FaultTolerance.Faults.Words;
using FaultTolerance.Scenarios;
using FaultTolerance.Scenarios.Reading;

namespace FaultTolerance.Faults.CancelRequests;

/// <summary>Begins streams and leaves each after its first data, as clients do whose user closes the window.</summary>
internal sealed class CancelRequestsKind : ClientFaultKind<CancelRequestsFault>
{
    private static readonly WholeKey RequestsKey = new("requests", "streams to begin and leave.", 1, 1000) { Otherwise = 10 };
    private static readonly WholeKey OutputKey = new("outputTokens", "most tokens of an answer.", 1, 100_000) { Otherwise = 1000 };

    /// <inheritdoc/>
    public override string Kind => CancelRequestsFault.Word;

    /// <inheritdoc/>
    public override string Summary => "begins streams beside the load and leaves each after its first data";

    /// <inheritdoc/>
    public override string Proof => "every one of them had data, and its connection was closed before its end";

    /// <inheritdoc/>
    public override ImmutableArray<FaultKey> Keys { get; } =
    [
        RequestsKey,
        OutputKey,
    ];

    /// <inheritdoc/>
    public override IFaultWords Words { get; } = new PlainWords<CancelRequestsFault>(
        _ => CancelRequestsFault.Word,
        fault => $"begins and leaves {fault.Requests.ToString(CultureInfo.InvariantCulture)} streams", _ => "cancel streams",
            "Clients left in the middle of streams of");

    /// <inheritdoc/>
    public override Fault Read(ObjectReader item)
    {
        ArgumentNullException.ThrowIfNull(item);
        return new CancelRequestsFault { Requests = RequestsKey.Read(item), OutputTokens = OutputKey.Read(item) };
    }

    /// <inheritdoc/>
    protected override async Task<FaultProof> InjectAsync(
        FaultContext context, CancelRequestsFault fault, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(fault);
        using var requests = await OwnRequests.OpenAsync(context, cancellation);
        context.Say($"Beginning and leaving {fault.Requests} streams");
        var issued = context.Write(new FaultIssued());
        using var limit = new CancellationTokenSource(context.Options.ProofTimeout, context.Session.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        try
        {
            var left = await Task.WhenAll(Enumerable.Range(0, fault.Requests).Select(_ => LeaveAsync(requests, fault, both.Token)));
            var count = left.Count(done => done);
            if (count < fault.Requests)
            {
                throw new FaultMatrixException("FT0606", $"only {count} of {fault.Requests} streams had data before they could be left");
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new FaultMatrixException(
                "FT0606", $"not all of {fault.Requests} streams had data within {context.Options.ProofTimeout.TotalSeconds:0.#} s");
        }

        var proof = string.Create(CultureInfo.InvariantCulture, $"{fault.Requests} streams had data and were left before their end");
        var landed = context.Write(new FaultLanded { Proof = proof, Requests = fault.Requests });
        return new FaultProof(issued, landed, proof);
    }

    // Disposing of an answer whose stream is not at its end closes the connection.
    private static async Task<bool> LeaveAsync(OwnRequests requests, CancelRequestsFault fault, CancellationToken cancellation)
    {
        using var answer = await requests.SendAsync(10, fault.OutputTokens, stream: true, cancellation);
        if (answer?.IsSuccessStatusCode != true)
        {
            return false;
        }

        try
        {
            await using var stream = await answer.Content.ReadAsStreamAsync(cancellation);
            return await stream.ReadAsync(new byte[1], cancellation) == 1;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
