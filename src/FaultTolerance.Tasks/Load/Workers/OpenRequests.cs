using System.Collections.Immutable;
using FaultTolerance.Load.Recovery;

namespace FaultTolerance.Load.Workers;

/// <summary>What is under way in a worker, for the runner that sees all clients of the load: this one judges nothing.</summary>
internal sealed class OpenRequests : ISteadyState
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(int Client, long Request), long> _sent = [];

    /// <summary>Client, number and send of the last attempt (UTC ticks) of each, one after the other.</summary>
    public ImmutableArray<long> All
    {
        get
        {
            lock (_gate)
            {
                var all = ImmutableArray.CreateBuilder<long>(3 * _sent.Count);
                foreach (var ((client, request), at) in _sent)
                {
                    all.Add(client);
                    all.Add(request);
                    all.Add(at);
                }

                return all.MoveToImmutable();
            }
        }
    }

    /// <inheritdoc/>
    public void Sent(int client, long request, DateTimeOffset at)
    {
        lock (_gate)
        {
            _sent[(client, request)] = at.UtcTicks;
        }
    }

    /// <inheritdoc/>
    public void Ended(in EndedRequest ended)
    {
        lock (_gate)
        {
            _sent.Remove((ended.Client, ended.Request));
        }
    }

    /// <inheritdoc/>
    public void MarkFault(DateTimeOffset at)
    {
        // The runner knows the faults.
    }

    /// <inheritdoc/>
    public bool IsSteady(DateTimeOffset now) => false;
}
