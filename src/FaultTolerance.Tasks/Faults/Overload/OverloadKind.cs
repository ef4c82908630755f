using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using FaultTolerance.Artefacts.Events;
using FaultTolerance.Faults.Clients;
using FaultTolerance.Faults.Words;
using FaultTolerance.Scenarios;
using FaultTolerance.Scenarios.Reading;

namespace FaultTolerance.Faults.Overload;

/// <summary>Sends a second load on top of the first, as fast as answers come. It ends with its time, and with this process.</summary>
internal sealed class OverloadKind : ClientFaultKind<OverloadFault>
{
    private static readonly WholeKey ClientsKey = new("clients", "clients, each with one request at a time.", 1, 2000) { Otherwise = 50 };
    private static readonly WholeKey OutputKey = new("outputTokens", "most tokens of an answer.", 1, 100_000) { Otherwise = 100 };
    private const string RejectedKey = "rejected";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <inheritdoc/>
    public override string Kind => OverloadFault.Word;

    /// <inheritdoc/>
    public override string Summary => "sends a second load on top of the first, as fast as answers come, for a while";

    /// <inheritdoc/>
    public override string Proof =>
        "every client has sent a request, and what was answered, by status; with `rejected`, that some were rejected (429, 503, 529)";

    /// <inheritdoc/>
    public override ImmutableArray<FaultKey> Keys { get; } =
    [
        ClientsKey,
        OutputKey,
        new(RejectedKey, new JsonObject { ["type"] = "boolean", ["default"] = false },
            "whether the service has to reject some (429, 503, 529)."),
        CommonKeys.For,
    ];

    /// <inheritdoc/>
    public override IFaultWords Words { get; } = new PlainWords<OverloadFault>(
        _ => OverloadFault.Word,
        fault => $"sends requests of {fault.Clients.ToString(CultureInfo.InvariantCulture)} more clients", _ => "overload",
            "A second load was sent to");

    /// <inheritdoc/>
    public override Fault Read(ObjectReader item)
    {
        ArgumentNullException.ThrowIfNull(item);
        return new OverloadFault
        {
            Clients = ClientsKey.Read(item),
            OutputTokens = OutputKey.Read(item),
            Rejected = item.Bool(RejectedKey, false),
            For = CommonKeys.ReadFor(item),
        };
    }

    /// <inheritdoc/>
    protected override async Task<FaultProof> InjectAsync(FaultContext context, OverloadFault fault, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(fault);
        using var requests = await OwnRequests.OpenAsync(context, cancellation);
        var answers = new ConcurrentDictionary<int, int>();
        context.Say($"Overload: {fault.Clients} clients for {fault.For.TotalSeconds:0.#} s");
        var issued = context.Write(new FaultIssued());
        using var end = new CancellationTokenSource(fault.For, context.Session.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, end.Token);
        await Task.WhenAll(Enumerable.Range(0, fault.Clients).Select(_ => LoopAsync(requests, fault, answers, both.Token)));
        cancellation.ThrowIfCancellationRequested();
        var told = string.Join(", ", answers.OrderBy(pair => pair.Key).Select(pair =>
            string.Create(CultureInfo.InvariantCulture, $"{(pair.Key == 0 ? "no answer" : pair.Key)} x{pair.Value}")));
        var rejected = answers.Where(pair => OwnRequests.IsRejection(pair.Key)).Sum(pair => pair.Value);
        if (answers.IsEmpty || (fault.Rejected && rejected == 0))
        {
            throw new FaultMatrixException(
                "FT0606",
                answers.IsEmpty ? $"no request of the second load was answered within {fault.For.TotalSeconds:0.#} s"
                : $"the service rejected none of the second load's requests: {told}");
        }

        var proof = string.Create(CultureInfo.InvariantCulture, $"{fault.Clients} clients; answers: {told}");
        context.Write(new FaultLanded { Proof = proof, Requests = answers.Values.Sum() + fault.Clients }, issued);
        return new FaultProof(issued, issued, proof);
    }

    private static async Task LoopAsync(
        OwnRequests requests, OverloadFault fault, ConcurrentDictionary<int, int> answers, CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                using var answer = await requests.SendAsync(10, fault.OutputTokens, stream: false, cancellation);
                answers.AddOrUpdate((int?)answer?.StatusCode ?? 0, 1, static (_, count) => count + 1);
                await (answer?.Content.CopyToAsync(Stream.Null, cancellation) ?? Task.Delay(Pause, cancellation));
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is IOException or HttpRequestException)
            {
                // A frontend that lets go of what it had begun to answer: that is no answer.
                answers.AddOrUpdate(0, 1, static (_, count) => count + 1);
            }
        }
    }
}
