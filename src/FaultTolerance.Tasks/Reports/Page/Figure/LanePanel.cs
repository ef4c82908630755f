using System.Text;
using FaultTolerance.Faults.Words;

namespace FaultTolerance.Reports.Page.Figure;

/// <summary>A lane per pod: its phases as bars, what happened to it as signs.</summary>
internal static class LanePanel
{
    /// <summary>Height of a lane, in units of the drawing.</summary>
    public const double LaneHeight = 24;
    private const double Bar = 16;

    // A thousand lanes are no picture any more; the rest is in the timeline.
    private const int MostLanes = 24;

    /// <summary>Height of all lanes, in units of the drawing.</summary>
    public static double Height(FigureData data) => Shown(data).Count * LaneHeight;

    /// <summary>How many lanes had no room.</summary>
    public static int Hidden(FigureData data) => Visible(data).Count() - Shown(data).Count;

    /// <summary>The lanes below <paramref name="top"/>.</summary>
    public static Markup Draw(FigureData data, double top)
    {
        var text = new StringBuilder();
        var labels = new List<string>();
        foreach (var (lane, i) in Shown(data).Select((lane, i) => (lane, i)))
        {
            var y = top + (i * LaneHeight);
            text.Append(
                Markup
                    .Of($"""<text class="lane" x="{TimeAxis.Left - 8}" y="{y + 15.5}">{Label(lane)}<title>{lane.Pod}</title></text>""")
                    .Value
            );
            foreach (var (phase, from, to) in lane.Spans.Where(span => span.To > data.Axis.From && span.From < data.Axis.To))
            {
                Span(text, data.Axis, phase, from, to, y + 4);
            }

            foreach (var (kind, at, what) in lane.Moments.Where(moment => data.Axis.Shows(moment.At)))
            {
                text.Append(
                    Markup
                        .Of(
                            $"""<use {Sign(kind)} x="{data.Axis.X(at)}" y="{y + 12}"><title>{what}, {Relative(data.Axis, at)}</title></use>"""
                        )
                        .Value
                );
            }
        }

        return new Markup(text.ToString());
    }

    /// <summary>What the lanes' bars and signs mean, of those that are there.</summary>
    public static Markup Legend(FigureData data)
    {
        var lanes = Shown(data);
        var phases = Enum.GetValues<PodPhase>()
            .Where(phase =>
                phase != PodPhase.Ready
                && lanes.Any(lane => lane.Spans.Any(span => span.Phase == phase && span.To > data.Axis.From && span.From < data.Axis.To))
            )
            .Select(phase =>
                Markup.Of(
                    $"""<li><svg viewBox="0 0 18 14" aria-hidden="true"><rect class="p-{phase.ToString().ToLowerInvariant()}" x="1" y="1" width="16" height="12"/></svg>pod {Name(phase)}</li>"""
                )
            );
        var signs = new[]
        {
            (FaultMark.Landed, "fault landed"),
            (FaultMark.Healed, "fault undone"),
            ("ended", "container ended"),
            ("restarted", "restarted"),
        }
            .Where(sign => lanes.Any(lane => lane.Moments.Any(moment => moment.Kind == sign.Item1 && data.Axis.Shows(moment.At))))
            .Select(sign =>
                Markup.Of($"""<li><svg viewBox="-9 -9 18 18" aria-hidden="true"><use {Sign(sign.Item1)}/></svg>{sign.Item2}</li>""")
            );
        return Markup.Join([.. phases, .. signs]);
    }

    // The end of a fault is its sign again, as an outline.
    private static Markup Sign(string kind) => kind == FaultMark.Healed
        ? Markup.Of($"href=\"#g-{FaultMark.Landed}\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"1.4\"")
        : Markup.Of($"href=\"#g-{kind}\" class=\"g-{kind}\"");

    private static void Span(StringBuilder text, TimeAxis axis, PodPhase phase, long from, long to, double y)
    {
        var (left, right) = (axis.X(from), axis.X(to));
        var name = Name(phase);
        var title = Markup.Of($"{name}, {Words.Span((double)(to - from) / TimeSpan.TicksPerSecond)}, {Relative(axis, from)}");
        text.Append(
            Markup
                .Of(
                    $"""<rect class="p-{phase.ToString().ToLowerInvariant()}" x="{left}" y="{y}" width="{Math.Max(0.8, right - left)}" height="{Bar}"><title>{title}</title></rect>"""
                )
                .Value
        );
        if (right - left > (name.Length * 6.4) + 22)
        {
            // Signs of what happened stand at a phase's begin: the name keeps clear of them.
            text.Append(
                Markup
                    .Of($"""<text class="phase t-{phase.ToString().ToLowerInvariant()}" x="{left + 11}" y="{y + 12}">{name}</text>""")
                    .Value
            );
        }
    }

    private static List<PodLane> Shown(FigureData data) => [.. Visible(data).Take(MostLanes)];

    private static IEnumerable<PodLane> Visible(FigureData data) =>
        data.Lanes.Where(lane => lane.Spans.Any(span => span.To > data.Axis.From && span.From < data.Axis.To));

    private static string Label(PodLane lane)
    {
        var service = lane.Service.Length > 17 ? $"{lane.Service[..16]}…" : lane.Service;
        return $"{service} {(lane.Short.Length > 6 ? lane.Short[^6..] : lane.Short)}";
    }

    private static string Relative(TimeAxis axis, long at)
    {
        var seconds = (double)(at - axis.Zero) / TimeSpan.TicksPerSecond;
        return $"at {(seconds < 0 ? "−" : "+")}{Words.Span(Math.Abs(seconds))}";
    }

    /// <summary>A phase's name in the style sheet.</summary>
    public static string Name(PodPhase phase) => phase switch
    {
        PodPhase.Unready => "not ready",
        _ => phase.ToString().ToLowerInvariant(),
    };
}
