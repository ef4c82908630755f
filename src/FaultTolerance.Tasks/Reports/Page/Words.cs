using System.Globalization;
using FaultTolerance.Artefacts.Events;
using FaultTolerance.Results;
using FaultTolerance.Results.Measures;
using FaultTolerance.Results.Recovery;

namespace FaultTolerance.Reports.Page;

/// <summary>How numbers are said to people.</summary>
internal static class Words
{
    /// <summary>A length of time: <c>85 ms</c>, <c>1.47 s</c>, <c>36.2 s</c>, <c>145 s</c>.</summary>
    public static string Span(double seconds) => Math.Abs(seconds) switch
    {
        double.NaN => "unknown",
        0 => "0 s",
        < 0.0000995 => $"{(1e6 * seconds).ToString("0", CultureInfo.InvariantCulture)} µs",
        < 0.9995 => $"{(1000 * seconds).ToString(Math.Abs(seconds) < 0.00995 ? "0.0#" : "0", CultureInfo.InvariantCulture)} ms",
        < 9.995 => $"{seconds.ToString("0.00", CultureInfo.InvariantCulture)} s",
        < 99.95 => $"{seconds.ToString("0.0", CultureInfo.InvariantCulture)} s",
        _ => $"{seconds.ToString("0", CultureInfo.InvariantCulture)} s",
    };

    /// <summary>A measurement: <c>5.31 s</c>, <c>over 5.31 s</c>, <c>none</c>, <c>unknown</c>.</summary>
    public static string Span(Measured measured) => measured.Kind switch
    {
        MeasuredKind.Value => Span(measured.Seconds),
        MeasuredKind.Censored => $"over {Span(measured.Seconds)}",
        MeasuredKind.NotNeeded => "none",
        _ => "unknown",
    };

    /// <summary>A measure's value, by what it is counted in.</summary>
    public static string Value(IMeasure measure, Measured? value) => (measure.Unit, value) switch
    {
        (MeasureUnit.Tokens, null) => "not counted",
        (_, null or { Kind: MeasuredKind.Unknown }) => "unknown",
        (MeasureUnit.Seconds, { } known) => Span(known),
        (MeasureUnit.Share, { } known) => Share(known.Seconds),
        (_, { } known) => known.Seconds == Math.Floor(known.Seconds) ? Count((long)known.Seconds) : Number(known.Seconds),
    };

    /// <summary>A share from 0 to 1, in per cent.</summary>
    public static string Share(double share) =>
        $"{(100 * share).ToString(share is > 0.0005 and < 0.0995 or > 0.9005 and < 0.9995 ? "0.0" : "0", CultureInfo.InvariantCulture)} %";

    /// <summary>A count, its thousands apart.</summary>
    public static string Count(long count) => count.ToString("#,0", CultureInfo.InvariantCulture).Replace(',', '\u202f'); // narrow and no-break: a number stays on its line

    /// <summary>A number with as many digits as it is worth.</summary>
    public static string Number(double value) =>
        value.ToString(
            Math.Abs(value) >= 100 ? "0"
                : Math.Abs(value) >= 1 ? "0.#"
                : "0.###",
            CultureInfo.InvariantCulture
        );

    /// <summary>A row's state in words.</summary>
    public static string State(RowState state) => state switch
    {
        RowState.Measured => "measured",
        RowState.Baseline => "baseline",
        RowState.Unverified => "not verified",
        RowState.Unproven => "fault unproven",
        RowState.Invalid => "invalid",
        _ => "failed",
    };

    /// <summary>A command without the folders of its program: they are the machine's, not the fault's.</summary>
    public static string Command(string command) =>
        string.Join(' ', command.Split(' ').Select(word => word.StartsWith('/') ? word[(word.LastIndexOf('/') + 1)..] : word));

    /// <summary>An event of a fault with its command as the page shows commands.</summary>
    public static FaultEvent Plain(FaultEvent item) => item.Command is { } command ? item with { Command = Command(command) } : item;

    /// <summary>An address inside the run's folder, each part escaped.</summary>
    public static string Href(params IEnumerable<string> parts) =>
        string.Join('/', parts.SelectMany(part => part.Split('/')).Select(Uri.EscapeDataString));

    /// <summary>The scenario's anchor in the page.</summary>
    public static string Anchor(ScenarioResult row) => $"s-{row.RowName}";
}
