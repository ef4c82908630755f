using System.Text.Json.Nodes;

namespace FaultTolerance.Scenarios.Reading;

/// <summary>Reads a choice of pods.</summary>
internal static class PodsKey
{
    private const string Forms = "'pods' must be \"first\", \"all\", a number from 1, a share such as \"50%\", or {\"random\": 2}";
    private const int Most = 1000;

    /// <summary>The choice, or the first pod where there is none.</summary>
    public static PodSelection Read(ObjectReader item, string key)
    {
        switch (item.Raw(key))
        {
            case null:
                return PodSelection.First;
            case JsonObject when item.Object(key) is { } random:
                var count = random.Int("random", 0, 1, Most);
                random.End();
                return count > 0 || random.Has("random")
                    ? new PodSelection(SelectionMode.Random, Math.Max(count, 1))
                    : item.Fault(ScenarioCodes.BadValue, key, Forms, PodSelection.First);
            case JsonValue value when value.TryGetValue(out long _):
                return new PodSelection(SelectionMode.Count, item.Int(key, 1, 1, Most));
            case JsonValue value when value.TryGetValue(out string? text):
                return text switch
                {
                    "first" => PodSelection.First,
                    "all" => new PodSelection(SelectionMode.All, 0),
                    _ when text.EndsWith('%') && int.TryParse(text[..^1], out var percent) && percent is >= 1 and <= 100 =>
                        new PodSelection(SelectionMode.Percent, percent),
                    _ => item.Fault(ScenarioCodes.BadValue, key, $"{Forms}, not '{text}'", PodSelection.First),
                };
            default:
                return item.Fault(ScenarioCodes.WrongType, key, Forms, PodSelection.First);
        }
    }
}
