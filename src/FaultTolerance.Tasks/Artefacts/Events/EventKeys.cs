using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using FaultTolerance.Artefacts.Reading;

namespace FaultTolerance.Artefacts.Events;

/// <summary>
/// The keys of a line of the timeline as it has them, without <c>at</c> and <c>event</c>. A key that is null is not there.
/// </summary>
internal sealed class EventKeys
{
    private const double MostSeconds = 31_536_000;
    private readonly ImmutableArray<(string Key, string Text, bool IsJson)> _keys;

    internal EventKeys(ImmutableArray<(string Key, string Text, bool IsJson)> keys) => _keys = keys;

    /// <summary>No keys.</summary>
    public static EventKeys None { get; } = new([]);

    /// <summary>The names, in the line's order.</summary>
    public IEnumerable<string> Names => _keys.Select(static pair => pair.Key);

    /// <summary>
    /// A key's text, numbers and truth values as they stand, lists and objects as JSON; null where it is not there. The last of several
    /// counts.
    /// </summary>
    public string? this[string key]
    {
        get
        {
            for (var i = _keys.Length - 1; i >= 0; i--)
            {
                if (_keys[i].Key == key)
                {
                    return _keys[i].Text;
                }
            }

            return null;
        }
    }

    /// <summary>A key's whole number, or null.</summary>
    public long? Whole(string key) =>
        long.TryParse(this[key], NumberStyles.Integer, CultureInfo.InvariantCulture, out var value) ? value : null;

    /// <summary>A key's number, or null where it is none or greater than a year of seconds, which no load takes.</summary>
    public double? Seconds(string key) =>
        double.TryParse(this[key], NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && Math.Abs(value) <= MostSeconds
            ? value
            : null;

    /// <summary>A key's truth value, or null.</summary>
    public bool? Truth(string key) => this[key] switch { "true" => true, "false" => false, _ => null };

    /// <summary>A key's instant, UTC ticks, or null.</summary>
    public long? Stamp(string key) =>
        this[key] is { } text && IsoStamp.TryParse(Encoding.UTF8.GetBytes(text), out var stamp) ? stamp.Ticks : null;

    /// <summary>A key's list of texts. What is no such list is its own only text: it says at least that something was told.</summary>
    public ImmutableArray<string> Texts(string key)
    {
        var list = this[key];
        try
        {
            return list is null ? [] : [.. JsonSerializer.Deserialize<string?[]>(list)?.OfType<string>() ?? []];
        }
        catch (JsonException)
        {
            return [list!];
        }
    }

    /// <summary>A key's list of whole numbers; empty where it is none.</summary>
    public ImmutableArray<long> Wholes(string key) => List<long>(key);

    /// <summary>A key's list of numbers; empty where it is none.</summary>
    public ImmutableArray<double> Numbers(string key) => List<double>(key);

    private ImmutableArray<T> List<T>(string key)
    {
        try
        {
            return this[key] is { } list ? [.. JsonSerializer.Deserialize<T[]>(list) ?? []] : [];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    internal void Write(Utf8JsonWriter json)
    {
        foreach (var (key, text, isJson) in _keys)
        {
            json.WritePropertyName(key);
            if (isJson)
            {
                json.WriteRawValue(text, skipInputValidation: true);
            }
            else
            {
                json.WriteStringValue(text);
            }
        }
    }
}
