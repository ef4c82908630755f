using FaultTolerance.Artefacts;

namespace FaultTolerance.Load.Recovery;

/// <summary>
/// Steady state after Brown and Patterson ("Towards Availability Benchmarks", USENIX 2000), by the rule that the measures of a run go by
/// (<see cref="NormalAnswers"/>, <see cref="HarmRule"/>), looked at while the load runs: what is under way for longer than is normal counts
/// as late from that moment on.
/// </summary>
/// <param name="warmUp">Requests in this first part of the load are not taken for what is normal.</param>
internal sealed class FaultFreeBand(TimeSpan warmUp = default) : ISteadyState
{
    private static readonly TimeSpan LongestSteadyFor = TimeSpan.FromSeconds(5);
    private readonly Lock _gate = new();
    // By their start.
    private readonly List<Request> _ended = [];
    private readonly Dictionary<(int Client, long Request), long> _underWay = [];
    private long _first = long.MaxValue;
    private long _fault = long.MaxValue;
    private long _latest;
    private long _lastSent;
    private long _lastLost;
    private (NormalAnswers? Normal, long SteadyFor)? _before;

    /// <inheritdoc/>
    public void Sent(int client, long request, DateTimeOffset at)
    {
        lock (_gate)
        {
            _underWay[(client, request)] = at.UtcTicks;
            _first = Math.Min(_first, at.UtcTicks);
            _lastSent = Math.Max(_lastSent, at.UtcTicks);
        }
    }

    /// <inheritdoc/>
    public void Ended(in EndedRequest ended)
    {
        lock (_gate)
        {
            _underWay.Remove((ended.Client, ended.Request));
            if (ended.Outcome.TellsOfService())
            {
                Enter(_ended, new(ended.Sent.UtcTicks, ended.At.UtcTicks, ended.Outcome == Outcome.Ok, ended.Broke));
            }
        }
    }

    /// <inheritdoc/>
    public void MarkFault(DateTimeOffset at)
    {
        lock (_gate)
        {
            // With several faults, the part before the first is the only one without any.
            _fault = Math.Min(_fault, at.UtcTicks);
            _latest = Math.Max(_latest, at.UtcTicks);
        }
    }

    /// <inheritdoc/>
    public bool IsSteady(DateTimeOffset now)
    {
        lock (_gate)
        {
            if (_fault == long.MaxValue)
            {
                return true;
            }

            var (normal, steadyFor) = _before ??= Before();
            // Soon after a loss there is no need to look further.
            return normal is not null
                && (normal.FailedShare > 0 || now.UtcTicks - _lastLost >= steadyFor)
                && IsSteady(normal, steadyFor, now.UtcTicks);
        }
    }

    private bool IsSteady(NormalAnswers normal, long steadyFor, long now)
    {
        var all = new List<Request>(_ended);
        foreach (var sent in _underWay.Values.Where(sent => now - sent > normal.Limit))
        {
            Enter(all, new(sent, now, true, false));
        }

        Request[] requests = [.. all];
        var next = HarmRule.NextAnswered(requests);
        var well = _latest;
        foreach (var harm in HarmRule.Of(requests, normal, _fault))
        {
            if (HarmRule.Over(requests, next, harm) is not { } over)
            {
                return false;
            }

            well = Math.Max(well, over);
        }

        return HarmRule.IsSeen(HarmRule.AnsweredFrom(requests, well), _lastSent - well, steadyFor);
    }

    private (NormalAnswers? Normal, long SteadyFor) Before()
    {
        var from = _first == long.MaxValue ? _fault : _first + warmUp.Ticks;
        var steadyFor = Math.Clamp(_fault - from, 0, LongestSteadyFor.Ticks);
        return (NormalAnswers.Of<Request>([.. _ended], from, _fault, Math.Max(1, steadyFor / 5)), steadyFor);
    }

    // They end nearly in the order in which they were sent.
    private void Enter(List<Request> list, in Request request)
    {
        var place = list.Count;
        while (place > 0 && list[place - 1].Start > request.Start)
        {
            place--;
        }

        list.Insert(place, request);
        _lastLost = request.Ok ? _lastLost : Math.Max(_lastLost, HarmRule.LostAt(request, 0));
    }

    private readonly record struct Request(long Start, long End, bool Ok, bool Broke) : IAnswered;
}
