namespace FaultTolerance.Scenarios.Reading;

/// <summary>Reads <c>when</c>: a word, or an object where what is waited for needs more than one.</summary>
internal static class WhenKey
{
    private const string Key = "when";
    private const double Any = 1e300;
    private static readonly string[] Words = ["time", "healed", "ready", "steady", "firstError"];
    private static readonly string[] Objects = ["is", "log", "metric", "load"];

    /// <summary>Reads the key; what is wrong is reported.</summary>
    public static (FaultStart Start, Awaited? Awaited) Read(ObjectReader fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        if (fault.Raw(Key) is not System.Text.Json.Nodes.JsonObject)
        {
            return (Of(fault.Choice(Key, required: false, Words)), null);
        }

        var item = fault.Object(Key)!;
        var what = Objects.Where(item.Has).ToList();
        var start = Of(item.Choice("is", required: false, Words));
        var awaited = new Awaited
        {
            Service = item.Text("service") ?? "*",
            Log = item.Text("log"),
            Metric = item.Text("metric"),
            AtLeast = item.Has("atLeast") ? item.Number("atLeast", 0, -Any, Any) : null,
            AtMost = item.Has("atMost") ? item.Number("atMost", 0, -Any, Any) : null,
            Load = item.Has("load") ? item.Number("load", 0, 0, 1) : null,
            Within = item.Has("within") ? item.Seconds("within", TimeSpan.FromSeconds(1), 0, minExcluded: true) : null,
        };
        item.End();
        if (what.Count != 1)
        {
            return item.Fault(
                ScenarioCodes.BadValue, "", $"'{Key}' needs one of {string.Join(", ", Objects)}", (FaultStart.Time, (Awaited?)null));
        }

        if (what[0] == "metric" && awaited is { AtLeast: null, AtMost: null })
        {
            item.Fault(ScenarioCodes.Missing, "", "a wait for a metric needs 'atLeast', 'atMost' or both", 0);
        }

        return (what[0] switch { "log" => FaultStart.Log, "metric" => FaultStart.Metric, "load" => FaultStart.Load, _ => start }, awaited);
    }

    private static FaultStart Of(string? word) => (FaultStart)Math.Max(0, Array.IndexOf(Words, word));
}
