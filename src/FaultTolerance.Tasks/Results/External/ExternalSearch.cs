using System.Collections.Immutable;
using FaultTolerance.Artefacts.Events;
using FaultTolerance.Results.Recovery;

namespace FaultTolerance.Results.External;

/// <summary>The failures from outside that a row lived through: at moments that were told, and where damage was found.</summary>
internal static class ExternalSearch
{
    /// <summary>Whether the row's failure comes from outside.</summary>
    public static bool IsMeant(Timeline timeline) => timeline.Of<ExternalExpected>().Any();

    /// <summary>When the first began, UTC ticks: the moment that the measures count from; null where nothing was told or found.</summary>
    /// <param name="timeline">The timeline.</param>
    /// <param name="requests">Requests by their start.</param>
    /// <param name="from">The end of the warm-up, UTC ticks.</param>
    public static long? Zero(Timeline timeline, RequestSample[] requests, long from)
    {
        var found = DamageSearch.First(requests, from);
        var told = Told(timeline).Select(moment => (long?)moment.At).Where(at => found is null || at <= found).ToList();
        // The last that was told before the damage is its moment; one that did nothing comes first only where nothing follows.
        return found is null ? told.FirstOrDefault() : told.LastOrDefault() ?? found;
    }

    /// <summary>All of them, by time.</summary>
    /// <param name="timeline">The timeline.</param>
    /// <param name="input">The row's input, whose zero is <see cref="Zero"/>.</param>
    public static ImmutableArray<ExternalWindow> Windows(Timeline timeline, RecoveryInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var told = Told(timeline).ToList();
        var windows = new List<ExternalWindow>();
        var spells = input.Harm.Spells;
        for (var i = 0; i < spells.Length; i++)
        {
            var (spell, before) = (spells[i], i == 0 ? long.MinValue : spells[i - 1].To);
            var begin = Begin(input, spell, before);
            // A mark may come a moment after what it tells of: then the damage says when it was.
            var moment = told.LastOrDefault(item => item.At > before && item.At <= begin) ?? told.FirstOrDefault(item => item.At > begin && item.At <= spell.To);
            told.RemoveAll(item => ReferenceEquals(item, moment));
            var zero = moment is null ? begin : Math.Min(begin, moment.At);
            var own = Part(input, zero, [.. spells.Take(i)], i + 1 < spells.Length ? spells[i + 1].From : long.MaxValue);
            windows.Add(new ExternalWindow(zero, moment?.Source ?? MomentSource.Found, moment?.Text, spell)
            {
                Outage = Outage.OfAll.Measure(own),
                FirstSuccess = new FirstSuccess().Measure(own),
                Recovery = new SteadyAgain().Measure(own),
            });
        }

        windows.AddRange(told.Select(moment => new ExternalWindow(moment.At, moment.Source, moment.Text, null)));
        return [.. windows.OrderBy(window => window.Zero)];
    }

    private static IEnumerable<ToldMoment> Told(Timeline timeline)
    {
        var first = timeline.Of<FirstRequestSent>().LastOrDefault();
        var named = timeline.Of<ExternalExpected>().Where(item => item.After is not null && first is not null)
            .Select(item => new ToldMoment(first!.At + (long)(item.After!.Value * TimeSpan.TicksPerSecond), MomentSource.File, null));
        return named.Concat(timeline.Of<Marked>().Select(mark => new ToldMoment(mark.At, MomentSource.Mark, mark.Text)))
            .OrderBy(moment => moment.At);
    }

    // Of the requests that it lost the first that broke; those that hang begin with their send.
    private static long Begin(RecoveryInput input, HarmSpell spell, long before)
    {
        if (input.Band is not { } band || spell.Lost == 0)
        {
            return spell.From;
        }

        var first = long.MaxValue;
        foreach (ref readonly var request in input.Requests.AsSpan())
        {
            var lost = request.LostAt(input.Zero);
            if (!request.Ok && lost >= spell.From && lost <= spell.To && request.End > before)
            {
                first = Math.Min(first, DamageSearch.Moment(request, band));
            }
        }

        return first == long.MaxValue ? spell.From : spell.Late > 0 ? Math.Min(first, spell.From) : Math.Max(first, spell.From);
    }

    // The row as it would be with this damage alone: what was harmed before tells nothing of what is normal.
    private static RecoveryInput Part(RecoveryInput input, long zero, HarmSpell[] before, long until) => input with
    {
        Zero = zero,
        Requests =
        [
            .. input.Requests.Where(request => request.Start < until
                && !Array.Exists(before, spell => request.Start <= spell.To && request.End >= spell.From)),
        ],
    };

    private sealed record ToldMoment(long At, MomentSource Source, string? Text);
}
