using System.Runtime.InteropServices;

namespace FaultTolerance.Results.Recovery;

/// <summary>
/// The longest span without a success that reaches past the fault: from one success's end to the next one's. A span that runs to the
/// load's end is a lower bound. Over all clients together, or the worst that any one client lived through.
/// </summary>
public sealed class LongestGap : RecoveryDefinition
{
    /// <summary>The id of that over all clients together.</summary>
    public const string Key = "longest_gap";

    private readonly bool _perClient;

    private LongestGap(bool perClient) => _perClient = perClient;

    /// <summary>Over all clients together.</summary>
    public static LongestGap OfAll { get; } = new(perClient: false);

    /// <summary>Each client looked at alone, and the worst of them.</summary>
    public static LongestGap OfWorstClient { get; } = new(perClient: true);

    /// <inheritdoc/>
    public override string Id => _perClient ? "longest_gap_worst_client" : Key;

    /// <inheritdoc/>
    public override string Header => _perClient ? "Worst\nClient" : "Outage";

    /// <inheritdoc/>
    public override string Title => _perClient ? "Outage, worst client" : "Outage";

    /// <inheritdoc/>
    public override string Legend => _perClient ? "longest span in which one client got none" : "longest span in which no client got an answer";

    /// <inheritdoc/>
    public override Measured Measure(RecoveryInput input)
    {
        var from = input.From;
        var clients = new Dictionary<int, State>();
        foreach (ref readonly var request in input.Requests.AsSpan())
        {
            ref var state = ref CollectionsMarshal.GetValueRefOrAddDefault(clients, _perClient ? request.Client : 0, out var known);
            if (!known)
            {
                // Without a success yet, the first request's start is where waiting began.
                state.Since = request.Start;
            }

            state.Last = request.End;
            if (request.Ok)
            {
                if (request.End > from && request.End - state.Since > state.Longest)
                {
                    (state.Longest, state.Ended) = (request.End - state.Since, request);
                }

                state.Since = request.End;
            }
        }

        return !input.IsFelt ? Measured.Unknown
            : clients.Values.Select(state => Longest(state, from)).MaxBy(gap => (gap.Seconds, gap.Kind == MeasuredKind.Censored));
    }

    private static Measured Longest(State state, long from)
    {
        var open = state.Last > from ? state.Last - state.Since : 0;
        return open > state.Longest ? Measured.AtLeast(open, RecoveryInput.LoadEnded)
            : Measured.Of(state.Longest, state.Longest > 0 ? $"until {state.Ended.Told}" : null);
    }

    private struct State
    {
        /// <summary>The last success's end.</summary>
        public long Since;

        /// <summary>The longest gap so far.</summary>
        public long Longest;

        /// <summary>The request that ended it.</summary>
        public RequestSample Ended;

        /// <summary>The last request's end.</summary>
        public long Last;
    }
}
