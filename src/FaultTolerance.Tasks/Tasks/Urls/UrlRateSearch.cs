using System.Globalization;
using FaultTolerance.Scenarios;
using Microsoft.Build.Framework;

namespace FaultTolerance.Tasks.Urls;

/// <summary>The goodput that a load by address is judged by, and the search for the highest rate at which it holds.</summary>
internal sealed class UrlRateSearch
{
    /// <summary>An option is wrong, or does not go with the load.</summary>
    public const string BadOption = "FT0126";

    private static readonly (string Metadata, string Option)[] OfSearch =
    [
        ("Rates", "--rates"), ("FindSteps", "--find-steps"), ("FindTime", "--find-time"), ("StepTime", "--step-time"),
        ("StepWarmUp", "--step-warm-up"),
    ];

    private readonly Dictionary<string, string> _given = new(StringComparer.Ordinal);

    /// <summary>The options as the metadata of one item; none where there is no item.</summary>
    public static UrlRateSearch Of(ITaskItem? item)
    {
        var search = new UrlRateSearch();
        foreach (var (name, option) in OfSearch.Append(("Goodput", "--goodput")).Append(("FindRate", "--find-rate")))
        {
            if (item?.GetMetadata(name) is { Length: > 0 } text && !(name == "FindRate" && text == "false"))
            {
                search._given[option] = text;
            }
        }

        return search;
    }

    /// <summary>Whether nothing was given.</summary>
    public bool IsEmpty => _given.Count == 0;

    /// <summary>The options that were given, for a message.</summary>
    public string Names => string.Join(", ", _given.Keys);

    /// <summary>The load with what was given.</summary>
    /// <param name="load">The load of the profile, with the work that was given.</param>
    /// <exception cref="FaultMatrixException">FT0126: an option is wrong, or does not go with the load.</exception>
    public LoadSpec Over(LoadSpec load)
    {
        ArgumentNullException.ThrowIfNull(load);
        var finds = load.RateSearch is not null || _given.ContainsKey("--find-rate");
        var (limits, share) = _given.TryGetValue("--goodput", out var text) ? UrlGoodput.Read(text) : (load.Goodput, null);
        if (!finds)
        {
            return Array.Find(OfSearch, one => _given.ContainsKey(one.Option)) is { Option: { } stray }
                ? throw Refused($"{stray} is of --find-rate; give that too, or leave it out")
                : share is not null ? throw Refused("--goodput: share= is of --find-rate; give that too, or leave it out")
                : Streamed(load with { Goodput = limits });
        }

        var usual = load.RateSearch ?? new RateSearchSpec();
        var (from, to) = _given.TryGetValue("--rates", out var rates) ? Rates(rates) : (usual.From, usual.To);
        var search = usual with
        {
            Share = share ?? usual.Share,
            From = from,
            To = to,
            Steps = _given.TryGetValue("--find-steps", out var steps) ? Whole("--find-steps", steps) : usual.Steps,
            Limit = Seconds("--find-time") ?? usual.Limit,
            StepTime = Seconds("--step-time") ?? usual.StepTime,
            WarmUp = Seconds("--step-warm-up", zero: true) ?? usual.WarmUp,
        };
        return Why(load, limits) is { } why
            ? throw Refused($"--find-rate: {why}") : Streamed(load with { Goodput = limits, RateSearch = search });
    }

    // ttft and itl are of streams: who asks for them wants streams.
    private static LoadSpec Streamed(LoadSpec load) =>
        load with { Stream = load.Stream || load.Goodput is { Ttft: not null } or { Itl: not null } };

    private static string? Why(LoadSpec load, GoodputLimits? limits) =>
        limits is null ? "nothing says what is good; give --goodput, such as --goodput ttft=0.5 itl=0.05"
        : load.Trace is not null ? "a trace has its own times; leave it out"
        : load.Sessions is not null ? $"the load '{load.Name}' has sessions, whose turns wait for each other; choose another --load-profile"
        : !load.Sweep.IsEmpty ? $"the load '{load.Name}' is a sweep of several rows; choose another --load-profile"
        : load.Continuity ? $"the load '{load.Name}' compares streams, and each step asks other prompts; choose another --load-profile"
        : null;

    private static (double From, double To) Rates(string text) =>
        text.Split('-', StringSplitOptions.TrimEntries) is [var low, var high] && Rate(low) is { } from && Rate(high) is { } to && from < to
            ? (from, to)
            : throw Refused(
                $"--rates takes the lowest and the highest rate, requests a second, such as 1-200, not '{ForeignText.Line(text, 40)}'");

    private static double? Rate(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var rate)
        && rate is > 0 and <= RateSearchSpec.MostRate ? rate : null;

    private static int Whole(string option, string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 2 and <= 100
            ? number : throw Refused($"{option} takes a whole number from 2 to 100, not '{ForeignText.Line(text, 40)}'");

    private TimeSpan? Seconds(string option, bool zero = false) => !_given.TryGetValue(option, out var text) ? null
        : UrlGoodput.Seconds(text) is { } seconds && seconds <= 86_400 && (zero || seconds > 0) ? TimeSpan.FromSeconds(seconds)
        : throw Refused(
            $"{option} takes seconds, {(zero ? "from 0" : "more than 0")} and at most a day, not '{ForeignText.Line(text, 40)}'");

    internal static FaultMatrixException Refused(string message) => new(BadOption, message);
}
