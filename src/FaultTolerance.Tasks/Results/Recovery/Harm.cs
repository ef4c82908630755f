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
    private List<HarmedRequest> _harms = [];

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

    private void Find(RecoveryInput input) => _harms = input.Band is { } band
        ? HarmRule.Of(input.Requests, band, input.Zero)
        : [.. Lost.Select(pair => new HarmedRequest(pair.At, pair.At, pair.Request.Start, false))];

    private ImmutableArray<HarmSpell> Gather(RecoveryInput input)
    {
        if (_harms.Count == 0)
        {
            return [];
        }

        var next = HarmRule.NextAnswered(input.Requests);
        var apart = input.Band?.Window ?? Math.Max(1, input.SteadyFor.Ticks / 5);
        var spells = ImmutableArray.CreateBuilder<HarmSpell>();
        foreach (var harm in _harms.OrderBy(harm => harm.From))
        {
            var (from, ok) = (harm.From, harm.Ok);
            var end = HarmRule.Over(input.Requests, next, harm) ?? from;
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
}
