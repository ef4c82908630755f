using System.Collections.Immutable;
using FaultTolerance.Artefacts;

namespace FaultTolerance.Reports.Page;

/// <summary>Outcomes as the page tells them apart: few enough for one colour and one shape each.</summary>
/// <param name="Key">Its name in CSS and markers.</param>
/// <param name="Title">What the legend says.</param>
/// <param name="Outcomes">What belongs to it.</param>
internal sealed record OutcomeClass(string Key, string Title, ImmutableArray<Outcome> Outcomes)
{
    /// <summary>From the bottom of the stack to its top; every outcome belongs to one.</summary>
    public static ImmutableArray<OutcomeClass> All { get; } =
    [
        new("ok", "answered", [Outcome.Ok]),
        new("busy", "turned away (429, 503)", [Outcome.Rejected]),
        new("error", "error answer", [Outcome.ClientError, Outcome.ServerError]),
        new("conn", "no connection", [Outcome.Refused, Outcome.Dns, Outcome.ConnectTimeout, Outcome.ResetBeforeHeaders]),
        new("broken", "answer broken off", [Outcome.ResetMidStream, Outcome.StreamTruncated, Outcome.Malformed, Outcome.ShortOutput]),
        new("late", "timed out", [Outcome.Stalled, Outcome.Deadline]),
        new(
            "ours",
            "says nothing of the service",
            [Outcome.ResetKept, Outcome.Shed, Outcome.Transport, Outcome.Cancelled, Outcome.NotSent]
        ),
    ];

    private static readonly int[] IndexOf =
    [
        .. Enum.GetValues<Outcome>().Select(outcome => All.IndexOf(All.Single(one => one.Outcomes.Contains(outcome)))),
    ];

    /// <summary>The class's place in <see cref="All"/>.</summary>
    public static int Index(Outcome outcome) => IndexOf[(int)outcome];
}
