using FaultTolerance.Artefacts;
using FaultTolerance.Artefacts.ClientLogs;
using FaultTolerance.Load;
using FaultTolerance.Load.Recovery;
using FaultTolerance.Load.Stopping;
using FaultTolerance.Scenarios;

namespace FaultTolerance.LoadJobs;

/// <summary>
/// The requests of all pods of a load, as one process would have seen them, and judged as such a one's. For several threads at once.
/// </summary>
/// <param name="spec">The whole load.</param>
/// <param name="pods">How many pods.</param>
internal sealed class JobSight(LoadSpec spec, int pods) : ISteadyState
{
    private readonly Lock _gate = new();
    private readonly JobEvents _events = new(pods);
    private readonly FaultFreeBand _band = new(spec.WarmUp);
    private readonly StopWatch? _limits = spec.StopWhen is { } limits ? new(limits, TimeSpan.TicksPerSecond) : null;
    private readonly HashSet<(int Client, long Request)> _open = [];
    private long _fault;

    /// <summary>Takes what a pod said.</summary>
    /// <param name="pod">Which, from 0.</param>
    /// <param name="saidAt">When, on the run's clock; null where it has more to tell of the time before.</param>
    /// <param name="underWay">Client, number and send of what is under way, one after the other.</param>
    /// <param name="logs">What has ended.</param>
    public void Take(int pod, DateTimeOffset? saidAt, ReadOnlySpan<long> underWay, IEnumerable<ClientLog> logs)
    {
        ArgumentNullException.ThrowIfNull(logs);
        lock (_gate)
        {
            for (var i = 0; i + 2 < underWay.Length; i += 3)
            {
                _events.Sent((int)underWay[i], underWay[i + 1], underWay[i + 2]);
            }

            foreach (var attempt in logs.SelectMany(log => log.Attempts).Where(attempt => attempt.IsLast))
            {
                _events.Ended(Of(attempt));
            }

            if (saidAt is { } at)
            {
                _events.Told(pod, at);
            }

            Apply();
        }
    }

    /// <summary>A pod has ended, or is lost: nothing more comes of it.</summary>
    public void Gone(int pod, ClientShare share)
    {
        lock (_gate)
        {
            _events.Gone(pod, share);
            Apply();
        }
    }

    /// <summary>The first limit of the load that is broken; null where none is.</summary>
    public BrokenLimit? Broken()
    {
        lock (_gate)
        {
            return _limits?.Broken(_events.UpTo);
        }
    }

    /// <inheritdoc/>
    public void Sent(int client, long request, DateTimeOffset at) => _band.Sent(client, request, at);

    /// <inheritdoc/>
    public void Ended(in EndedRequest ended) => _band.Ended(ended);

    /// <inheritdoc/>
    public void MarkFault(DateTimeOffset at)
    {
        lock (_gate)
        {
            _fault = Math.Max(_fault, at.UtcTicks);
            _band.MarkFault(at);
        }
    }

    /// <inheritdoc/>
    public bool IsSteady(DateTimeOffset now)
    {
        lock (_gate)
        {
            // Before all is known up to the fault, nobody can say what was normal.
            var seen = Math.Min(_events.UpTo, now.UtcTicks);
            return seen >= _fault && _band.IsSteady(new(seen, TimeSpan.Zero));
        }
    }

    private static EndedRequest Of(in Attempt attempt) => new(
        attempt.Client, attempt.Request, new(attempt.Sent, TimeSpan.Zero), new(attempt.Ended, TimeSpan.Zero), attempt.Outcome,
        (attempt.Tokens > 0 || attempt.FirstToken != 0) && attempt.Outcome is not (Outcome.Ok or Outcome.Stalled or Outcome.Deadline),
        attempt.FirstToken == 0 ? null : new(attempt.FirstToken, TimeSpan.Zero));

    private void Apply()
    {
        while (_events.TryNext(out var next))
        {
            if (next.Ended is not { } ended)
            {
                if (_open.Add((next.Client, next.Request)))
                {
                    _limits?.Sent(next.At);
                }

                Sent(next.Client, next.Request, new(next.At, TimeSpan.Zero));
                continue;
            }

            if (_open.Remove((next.Client, next.Request)))
            {
                _limits?.Ended(
                    next.At, ended.Outcome.TellsOfService() ? ended.Outcome == Outcome.Ok : null, (ended.At - ended.Sent).Ticks,
                    (ended.FirstToken - ended.Sent)?.Ticks);
            }

            Ended(ended);
        }
    }
}
