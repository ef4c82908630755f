using FaultTolerance.Artefacts;
using FaultTolerance.Results.Recovery;

namespace FaultTolerance.Results;

/// <summary>What making connections was to the clients; with a port-forward, its opening is part of it.</summary>
/// <param name="Attempts">Attempts whose log tells of connections.</param>
/// <param name="Made">Those that made a connection of their own.</param>
/// <param name="Took">How long that took, in seconds; null where none was made.</param>
internal sealed record NewConnections(long Attempts, long Made, Percentiles? Took)
{
    /// <summary>Share of the attempts that made a connection, 0 to 1.</summary>
    public double Share => (double)Made / Attempts;

    /// <summary>Counts; null where no attempt has our own stamps.</summary>
    internal static NewConnections? Of(IReadOnlyCollection<AttemptCollection> clients)
    {
        long attempts = 0;
        var took = new Histogram();
        foreach (var chunk in clients.SelectMany(client => client.Chunks()))
        {
            foreach (ref readonly var attempt in chunk.Span)
            {
                attempts += attempt.Sent != 0 ? 1 : 0;
                if (attempt.Connected >= attempt.Sent && attempt.Sent != 0)
                {
                    took.Add((attempt.Connected - attempt.Sent) * 100);
                }
            }
        }

        return attempts == 0 ? null : new NewConnections(attempts, took.Count, Percentiles.Of(took));
    }
}
