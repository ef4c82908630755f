namespace FaultTolerance.Results.Recovery;

/// <summary>
/// The longest span without a success that reaches past the fault: from one success's end to the next one's. A span that runs to the
/// load's end is a lower bound. Over all clients together, or the worst that any one client lived through.
/// </summary>
/// <param name="perClient">Whether each client is looked at alone.</param>
public sealed class LongestGap(bool perClient) : IRecoveryDefinition
{
    /// <inheritdoc/>
    public string Name => perClient ? "longest_gap_worst_client" : "longest_gap";

    /// <inheritdoc/>
    public Measured Measure(RecoveryInput input)
    {
        // Without a success yet, the first request's start is where waiting began.
        var clients = new Dictionary<int, State>();
        foreach (var request in input.Requests)
        {
            var key = perClient ? request.Client : 0;
            var state = clients.TryGetValue(key, out var known) ? known : new State(request.Start, 0, 0);
            if (request.Ok)
            {
                var gap = request.End > input.From ? Math.Max(state.Longest, request.End - state.Since) : state.Longest;
                state = new State(request.End, gap, request.End);
            }
            else
            {
                state = state with { Last = request.End };
            }

            clients[key] = state;
        }

        return !input.IsFelt ? Measured.Unknown
            : clients.Values.Select(state => Longest(state, input.From)).MaxBy(gap => (gap.Seconds, gap.Kind == MeasuredKind.Censored));
    }

    private static Measured Longest(State state, long from)
    {
        var open = state.Last > from ? state.Last - state.Since : 0;
        return open > state.Longest ? Measured.AtLeast(open) : Measured.Of(state.Longest);
    }

    /// <summary>The last success's end, the longest gap so far, and the last request's end.</summary>
    private readonly record struct State(long Since, long Longest, long Last);
}
