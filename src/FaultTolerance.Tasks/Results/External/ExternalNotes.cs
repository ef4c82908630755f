using System.Collections.Immutable;
using System.Globalization;
using FaultTolerance.Artefacts.Events;

namespace FaultTolerance.Results.External;

/// <summary>What a row's reader is told of failures from outside.</summary>
internal static class ExternalNotes
{
    /// <summary>A note for each, or that there was none; nothing for rows of another kind.</summary>
    /// <param name="windows">The failures; null for rows of another kind.</param>
    /// <param name="timeline">The timeline, for the first request.</param>
    public static IEnumerable<string> Of(ImmutableArray<ExternalWindow>? windows, Timeline timeline)
    {
        ArgumentNullException.ThrowIfNull(timeline);
        return windows is not { } all ? []
            : all.IsEmpty ? ["nothing was broken: no damage was found, and nobody marked any"]
            : all.Select(window => Of(window, timeline.Of<FirstRequestSent>().LastOrDefault()?.At ?? window.Zero));
    }

    private static string Of(ExternalWindow window, long first)
    {
        var at = string.Create(CultureInfo.InvariantCulture, $"{TimeSpan.FromTicks(window.Zero - first).TotalSeconds:0.0} s after the first request");
        var what = window.Source switch
        {
            MomentSource.Mark => $"marked '{window.Text}' {at}",
            MomentSource.File => $"broken by others {at}, as the file says",
            _ => $"damage found {at}",
        };
        return window.Spell is null
            ? $"{what}: no damage"
            : $"{what}: outage {Told(window.Outage)}, {window.Lost} requests lost, steady again after {Told(window.Recovery)}";
    }

    private static string Told(Recovery.Measured value) => value.ToCell() switch { null => "unknown", "none" => "none", var cell => $"{cell} s" };
}
