using System.Collections.Immutable;
using System.Globalization;
using FaultTolerance.Artefacts.Events;
using FaultTolerance.Faults.Clients;
using FaultTolerance.Faults.Words;
using FaultTolerance.Scenarios;
using FaultTolerance.Scenarios.Reading;

namespace FaultTolerance.Faults.TokenOverflow;

/// <summary>
/// Sends prompts that are longer than the model takes. The service has to reject each, and to answer a short one after them.
/// </summary>
internal sealed class TokenOverflowKind : ClientFaultKind<TokenOverflowFault>
{
    private static readonly WholeKey RequestsKey = new("requests", "requests to send.", 1, 1000) { Otherwise = 10 };
    private static readonly WholeKey InputKey = new("inputTokens", "words of each prompt.", 1, 2_000_000) { Required = true };
    private static readonly WholeKey RejectedKey = new("rejectedWith",
        "status that a rejection has; without it any of 400 to 499. Some services answer 500.", 400, 599);

    /// <inheritdoc/>
    public override string Kind => TokenOverflowFault.Word;

    /// <inheritdoc/>
    public override string Summary => "sends prompts beside the load that are longer than the model takes";

    /// <inheritdoc/>
    public override string Proof => "each was rejected with a status of 400 to 499, or the one that is asked for, and a short request after them was answered";

    /// <inheritdoc/>
    public override string Needs => "A model whose context is shorter than `inputTokens`, and a frontend or engine that says so.";

    /// <inheritdoc/>
    public override ImmutableArray<FaultKey> Keys { get; } =
    [
        RequestsKey,
        InputKey,
        RejectedKey,
    ];

    /// <inheritdoc/>
    public override IFaultWords Words { get; } = new PlainWords<TokenOverflowFault>(
        _ => TokenOverflowFault.Word,
        fault => $"sends {fault.Requests.ToString(CultureInfo.InvariantCulture)} prompts that are too long", _ => "too long prompts",
            "Prompts that are too long were sent to");

    /// <inheritdoc/>
    public override Fault Read(ObjectReader item)
    {
        ArgumentNullException.ThrowIfNull(item);
        return new TokenOverflowFault
        {
            Requests = RequestsKey.Read(item), InputTokens = InputKey.Read(item), RejectedWith = RejectedKey.ReadIfGiven(item),
        };
    }

    /// <inheritdoc/>
    protected override async Task<FaultProof> InjectAsync(
        FaultContext context, TokenOverflowFault fault, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(fault);
        using var requests = await OwnRequests.OpenAsync(context, cancellation);
        context.Say($"Sending {fault.Requests} prompts of {fault.InputTokens} words");
        var issued = context.Write(new FaultIssued());
        using var limit = new CancellationTokenSource(context.Options.ProofTimeout, context.Session.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        try
        {
            var statuses = await Task.WhenAll(Enumerable.Range(0, fault.Requests).Select(_ => AskAsync(requests, fault.InputTokens,
                both.Token)));
            var landed = context.Timeline.Clock.Now;
            var told = string.Join(", ", statuses.GroupBy(status => status).OrderBy(group => group.Key)
                .Select(group => string.Create(CultureInfo.InvariantCulture, $"{group.Key} x{group.Count()}")));
            if (statuses.Any(status => fault.RejectedWith is { } asked ? status != asked : status is < 400 or > 499))
            {
                throw new FaultMatrixException("FT0606", $"not every prompt was rejected as too long: {told}");
            }

            if (await AskAsync(requests, 1, both.Token) is var after and not 200)
            {
                throw new FaultMatrixException("FT0606",
                    $"the too long prompts were rejected ({told}), but a short one after them had {after}");
            }

            var proof = $"rejected: {told}; a short request after them was answered";
            context.Write(new FaultLanded { Proof = proof, Requests = fault.Requests + 1 }, landed);
            return new FaultProof(issued, landed, proof);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new FaultMatrixException("FT0606", $"no answer to all prompts within {context.Options.ProofTimeout.TotalSeconds:0.#} s");
        }
    }

    private static async Task<int> AskAsync(OwnRequests requests, int words, CancellationToken cancellation)
    {
        using var answer = await requests.SendAsync(words, 1, stream: false, cancellation);
        return (int?)answer?.StatusCode ?? 0;
    }
}
