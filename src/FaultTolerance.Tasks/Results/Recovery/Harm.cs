using System.Collections.Immutable;

namespace FaultTolerance.Results.Recovery;

/// <summary>A stretch of harm, apart from others by a time in which all was well.</summary>
/// <param name="From">The first harm, UTC ticks.</param>
/// <param name="To">When the first request that was well again was taken up; the last harm where none was.</param>
/// <param name="Lost">Requests lost in it.</param>
/// <param name="Late">Requests in it that were answered, too late.</param>
internal readonly record struct HarmSpell(long From, long To, int Lost, int Late);

/// <summary>
/// What a fault did to requests: which were lost, and which came later than the service's own band allows, by more than chance does. A
/// lost request is harm from its send, or from the order where it was under way; a late one from the moment at which it
/// should have been answered.
/// </summary>
internal sealed class Harm
{
    // How likely a service that is well is taken for one that is not, over a whole row.
    private const double FalseAlarm = 0.002;

    private readonly List<(long From, long To, long Start, bool Ok)> _harms = [];

    /// <summary>Requests that failed after the order, by when they were lost.</summary>
    public ImmutableArray<(long At, RequestSample Request)> Lost { get; private init; } = [];

    /// <summary>The stretches, by time.</summary>
    public ImmutableArray<HarmSpell> Spells { get; private set; } = [];

    /// <summary>Whether anything was lost or late.</summary>
    public bool Any => _harms.Count > 0 || !Lost.IsEmpty;

    /// <summary>Seeks harm from the first order on.</summary>
    public static Harm Of(RecoveryInput input)
    {
        var lost = new List<(long At, RequestSample Request)>();
        foreach (ref readonly var request in input.Requests.AsSpan())
        {
            if (!request.Ok && request.End >= input.Zero)
            {
                lost.Add((request.LostAt(input.Zero), request));
            }
        }

        var harm = new Harm { Lost = [.. lost.OrderBy(pair => pair.At)] };
        harm.Find(input);
        harm.Spells = harm.Gather(input);
        return harm;
    }

    private void Find(RecoveryInput input)
    {
        if (input.Band is not { } band)
        {
            _harms.AddRange(Lost.Select(pair => (pair.At, pair.At, pair.Request.Start, false)));
            return;
        }

        // A service that failed requests before is harmed where it fails more of them.
        var fails = band.FailedShare == 0 ? null : Excess(input, all: true, request => !request.Ok, Math.Min(0.4, 2 * band.FailedShare));
        var late = Excess(input, all: false, request => band.IsLate(request), 0.05);
        var count = late.Count(marked => marked);
        for (var i = 0; i < input.Requests.Length; i++)
        {
            ref readonly var request = ref input.Requests[i];
            if (request.End < input.Zero)
            {
                continue;
            }

            if (!request.Ok && fails?[i] != false)
            {
                var at = request.LostAt(input.Zero);
                _harms.Add((at, at, request.Start, false));
            }
            else if (request.Ok && (late[i] || request.End - request.Start > band.StallLimit))
            {
                // What was under way for long shows late that it was taken up late: the service may be well by then.
                _harms.Add(
                    (
                        Math.Max(input.Zero, request.Start + band.Typical),
                        Math.Max(input.Zero, band.Served(request, count)),
                        request.Start,
                        true
                    )
                );
            }
        }
    }

    // The sum of logarithms of likelihoods (Page's CUSUM): of "half of them" against "as before". Where it rises above what chance gives
    // once in so many rows, the stretch from its last zero to its peak is one of excess, and what is bad in it is harm.
    private static bool[] Excess(RecoveryInput input, bool all, Func<RequestSample, bool> isBad, double share)
    {
        var requests = input.Requests;
        bool Counts(in RequestSample request) => request.End >= input.Zero && (all || request.Ok);
        var marked = new bool[requests.Length];
        var (bad, good) = (Math.Log(0.5 / share), Math.Log(0.5 / (1 - share)));
        var threshold = Math.Log(Math.Max(1, requests.Length) / FalseAlarm);
        var (sum, peak, begin, top) = (0.0, 0.0, 0, -1);
        void Close(int next)
        {
            for (var k = begin; peak >= threshold && k <= top; k++)
            {
                marked[k] = Counts(requests[k]) && isBad(requests[k]);
            }

            (sum, peak, begin, top) = (0, 0, next, -1);
        }

        for (var i = 0; i < requests.Length; i++)
        {
            if (!Counts(requests[i]))
            {
                continue;
            }

            sum += isBad(requests[i]) ? bad : good;
            if (sum > peak)
            {
                (peak, top) = (sum, i);
            }

            // Once it has fallen from its peak by the threshold, what follows is another stretch.
            if (sum <= 0 || peak - sum >= threshold)
            {
                Close(i + 1);
            }
        }

        Close(requests.Length);
        return marked;
    }

    private ImmutableArray<HarmSpell> Gather(RecoveryInput input)
    {
        if (_harms.Count == 0)
        {
            return [];
        }

        var next = NextAnswered(input.Requests);
        var apart = input.Band?.Window ?? Math.Max(1, input.SteadyFor.Ticks / 5);
        var spells = ImmutableArray.CreateBuilder<HarmSpell>();
        foreach (var (from, to, start, ok) in _harms.OrderBy(harm => harm.From))
        {
            var end = ok ? to : next[FirstSentAfter(input.Requests, Math.Max(from, start))] ?? from;
            if (spells.Count > 0 && from - spells[^1].To < apart)
            {
                var last = spells[^1];
                spells[^1] = new(last.From, Math.Max(last.To, end), last.Lost + (ok ? 0 : 1), last.Late + (ok ? 1 : 0));
            }
            else
            {
                spells.Add(new(from, end, ok ? 0 : 1, ok ? 1 : 0));
            }
        }

        // Of a short stall the begin and the end lie within the spread of its answers.
        return [.. spells.Select(spell => spell with { From = Math.Min(spell.From, spell.To) })];
    }

    // By place the send of the first request from there on that was answered.
    private static long?[] NextAnswered(RequestSample[] requests)
    {
        var next = new long?[requests.Length + 1];
        for (var i = requests.Length - 1; i >= 0; i--)
        {
            next[i] = requests[i].Ok ? requests[i].Start : next[i + 1];
        }

        return next;
    }

    /// <summary>The place of the first request that was sent after an instant.</summary>
    internal static int FirstSentAfter(RequestSample[] requests, long at)
    {
        var (low, high) = (0, requests.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = requests[middle].Start <= at ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
