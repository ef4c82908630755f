using System.Globalization;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Tasks.Urls;

/// <summary>Reads <c>--goodput</c>: <c>ttft=0.5 itl=50ms latency=3 share=0.99</c>.</summary>
internal static class UrlGoodput
{
    /// <summary>The limits, and the share of the requests that must stay within them; null where none is given.</summary>
    /// <param name="text">The words, between semicolons.</param>
    /// <exception cref="FaultMatrixException">FT0126: a word is wrong, or none is a limit.</exception>
    public static (GoodputLimits Limits, double? Share) Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var read = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var word in text.Split([';', ',', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var (name, value) = word.Split('=') is [var left, var right] ? (left, right) : (word, "");
            var number = name switch { "share" => Share(value), "ttft" or "itl" or "latency" => Seconds(value), _ => null };
            if (number is not > 0 || !read.TryAdd(name, number.Value))
            {
                throw UrlRateSearch.Refused(
                    "--goodput takes ttft=, itl= and latency= in seconds (0.5 or 500ms) and share= above 0 and at most 1, each once, "
                    + $"not '{ForeignText.Line(word, 40)}'");
            }
        }

        double? Of(string name) => read.TryGetValue(name, out var value) ? value : null;
        var limits = new GoodputLimits { Ttft = Of("ttft"), Itl = Of("itl"), Latency = Of("latency") };
        return limits is { Ttft: null, Itl: null, Latency: null }
            ? throw UrlRateSearch.Refused("--goodput must say at least one of ttft=, itl= and latency=") : (limits, Of("share"));
    }

    /// <summary>Seconds as <c>0.5</c>, <c>500ms</c>, <c>90s</c> or <c>2m</c>; null where it is none.</summary>
    public static double? Seconds(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var (digits, factor) = text switch
        {
            _ when text.EndsWith("ms", StringComparison.Ordinal) => (text[..^2], 0.001),
            _ when text.EndsWith('s') => (text[..^1], 1.0),
            _ when text.EndsWith('m') => (text[..^1], 60.0),
            _ => (text, 1.0),
        };
        return double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            && double.IsFinite(number) ? number * factor : null;
    }

    private static double? Share(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var share) && share <= 1 ? share : null;
}
