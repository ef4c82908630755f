using System.Globalization;
using System.Text.Json.Nodes;
using FaultTolerance.Results.Continuity;
using FaultTolerance.Scenarios;
using FaultTolerance.Scenarios.Reading;
using static FaultTolerance.Results.Checks.Finding;

namespace FaultTolerance.Results.Checks.Kinds;

/// <summary>Share of the streams that came through the fault with the text that their prompts had before it, 0 to 1.</summary>
internal sealed class ContinuityAtLeast : ICheck
{
    /// <inheritdoc/>
    public string Key => "continuity";

    /// <inheritdoc/>
    public string UnknownWhen =>
        "the load says no `continuity`, no stream could be compared, or the service answers one prompt with several texts";

    /// <inheritdoc/>
    public JsonObject Schema => Limits.Number("Share of the streams with the text that the same prompt had before the fault.", 1);

    /// <inheritdoc/>
    public IEnumerable<CheckSpec> Read(ObjectReader item) => [new CheckSpec(Key) { AtLeast = item.Number(Key, 0, 0, 1) }];

    /// <inheritdoc/>
    public bool IsWhole(CheckSpec check) => check.AtLeast is not null;

    /// <inheritdoc/>
    public string Asked(CheckSpec check) => $"continuity of streams at least {Number(100 * check.AtLeast)} %";

    /// <inheritdoc/>
    public Finding Judge(ScenarioResult row, CheckSpec check) => row.Continuity switch
    {
        null => Unknown("the load says no continuity, or no stream began"),
        { IsRepeatable: false } found =>
            Unknown($"{found.ControlsDiffering} of {found.Controls} answers before the fault differ from the first to the same prompt"),
        { Share: { } share } found => Of(share >= check.AtLeast, Evidence(found)),
        _ => Unknown("no stream could be compared"),
    };

    private static string Evidence(StreamContinuity found)
    {
        var (low, high) = found.Interval;
        var tokens = found.Tokens;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{found.Count(StreamFate.Whole)} of {found.Compared} streams whole ({100 * low:0.#} to {100 * high:0.#} %), "
                + $"{found.Count(StreamFate.BrokenOff)} broken off; tokens lost {tokens.Lost}, doubled {tokens.Doubled}, added {tokens.Added}, "
                + $"changed {tokens.Changed}");
    }
}
