namespace FaultTolerance.Results.Recovery;

/// <summary>
/// How long requests went unanswered: from the first that was lost (its send, or the fault's order where it was under way then) to the
/// send of the first that was then answered; the longest such span. A service that stalled and lost nothing has one too: the longest span
/// without an answer. Without a loss or a stall there is none. Over all clients together, or the worst that any one lived
/// through.
/// </summary>
internal sealed class Outage : RecoveryDefinition
{
    /// <summary>The id of that over all clients together.</summary>
    public const string Key = "outage";

    private readonly bool _perClient;

    private Outage(bool perClient) => _perClient = perClient;

    /// <summary>Over all clients together.</summary>
    public static Outage OfAll { get; } = new(perClient: false);

    /// <summary>Each client looked at alone, and the worst of them.</summary>
    public static Outage OfWorstClient { get; } = new(perClient: true);

    /// <inheritdoc/>
    public override string Id => _perClient ? "outage_worst_client" : Key;

    /// <inheritdoc/>
    public override string Header => _perClient ? "Worst\nClient" : "Outage";

    /// <inheritdoc/>
    public override string Title => _perClient ? "Outage, worst client" : "Outage";

    /// <inheritdoc/>
    public override string Legend => _perClient
        ? "the longest that any one client lived through"
        : "how long requests went unanswered: from the first lost to the send of the first then answered";

    /// <inheritdoc/>
    public override Measured Measure(RecoveryInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (!input.IsFelt)
        {
            return Measured.Unknown;
        }

        return Silence.Of(input, _perClient) switch
        {
            null => Measured.NotNeeded,
            { EndedBy: { } request } silence => Measured.Of(silence.Length, $"until {request.Told}"),
            { Length: > 0 } silence => Measured.AtLeast(silence.Length, input.ClientsEnd),
            _ => Measured.Unknown with { Event = "only the last request was lost" },
        };
    }
}
