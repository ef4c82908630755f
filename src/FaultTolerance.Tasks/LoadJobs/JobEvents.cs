using FaultTolerance.Artefacts;
using FaultTolerance.Load;
using FaultTolerance.Load.Recovery;

namespace FaultTolerance.LoadJobs;

/// <summary>
/// Puts what all pods of a load tell in the order of its instants, and gives it away up to the instant that each of them has told. Not for
/// several threads at once.
/// </summary>
/// <param name="pods">How many pods.</param>
internal sealed class JobEvents(int pods)
{
    // A pod tells what ended a moment after it did: its log is written twenty times a second.
    private static readonly long Behind = TimeSpan.FromMilliseconds(100).Ticks;
    private readonly PriorityQueue<JobEvent, (long At, int Order)> _ahead = new();
    private readonly Dictionary<(int Client, long Request), long> _told = [];
    private readonly long[] _upTo = new long[pods];
    private int _order;

    /// <summary>All that happened up to here is known; UTC ticks.</summary>
    public long UpTo => _upTo.Min();

    /// <summary>Something was sent. What is under way is told again at each look, and counts once.</summary>
    /// <param name="client">The client.</param>
    /// <param name="request">The request's number within the client.</param>
    /// <param name="at">When, UTC ticks.</param>
    public void Sent(int client, long request, long at)
    {
        if (_told.GetValueOrDefault((client, request)) != at)
        {
            _told[(client, request)] = at;
            _ahead.Enqueue(new(client, request, at, null), (at, ++_order));
        }
    }

    /// <summary>Something ended.</summary>
    public void Ended(in EndedRequest ended)
    {
        Sent(ended.Client, ended.Request, ended.Sent.UtcTicks);
        _ahead.Enqueue(new(ended.Client, ended.Request, ended.At.UtcTicks, ended), (ended.At.UtcTicks, ++_order));
    }

    /// <summary>A pod has told all up to an instant, on the run's clock.</summary>
    public void Told(int pod, DateTimeOffset at) => _upTo[pod] = Math.Max(_upTo[pod], at.UtcTicks - Behind);

    /// <summary>Nothing more comes of a pod. What was under way in it says nothing of the service.</summary>
    public void Gone(int pod, ClientShare share)
    {
        var last = new DateTimeOffset(_upTo[pod] + Behind, TimeSpan.Zero);
        foreach (var (client, request) in _told.Keys.Where(one => share.Has(one.Client)))
        {
            var ended = new EndedRequest(client, request, last, last, Outcome.Transport);
            _ahead.Enqueue(new(client, request, last.UtcTicks, ended), (last.UtcTicks, ++_order));
        }

        _upTo[pod] = DateTimeOffset.MaxValue.UtcTicks;
    }

    /// <summary>The next of what is known of all pods.</summary>
    public bool TryNext(out JobEvent next)
    {
        if (!_ahead.TryPeek(out next, out var place) || place.At > UpTo)
        {
            return false;
        }

        _ahead.Dequeue();
        if (next.Ended is not null)
        {
            _told.Remove((next.Client, next.Request));
        }

        return true;
    }
}

/// <summary>A request of a load in pods was sent, or ended.</summary>
/// <param name="Client">The client.</param>
/// <param name="Request">Its number within the client.</param>
/// <param name="At">When, UTC ticks.</param>
/// <param name="Ended">What is known of its end; null where it was sent.</param>
internal readonly record struct JobEvent(int Client, long Request, long At, EndedRequest? Ended);
