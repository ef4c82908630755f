using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using FaultMatrix.Shared;

namespace FaultTolerance.Scenarios.Reading;

/// <summary>
/// Reads one JSON object by keys, with types and ranges; every fault is reported and a fallback returned, so that reading goes on.
/// </summary>
internal sealed class ObjectReader(ReadContext context, JsonObject node, string path)
{
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    /// <summary>The place of this object in the file.</summary>
    public string Path { get; } = path;

    /// <summary>Takes the reports.</summary>
    public ReadContext Context { get; } = context;

    /// <summary>Whether the object has no key.</summary>
    public bool IsEmpty => node.Count == 0;

    /// <summary>
    /// Whether the key is there with a value; it counts as known from then on. A null is a mistake: it says neither that there is a value
    /// nor that the usual one is meant.
    /// </summary>
    public bool Has(string key)
    {
        var first = _known.Add(key);
        if (node.TryGetPropertyValue(key, out var value) && value is null && first)
        {
            Context.Report(ScenarioCodes.WrongType, At(key), $"'{key}' must not be null; give a value or leave the key out");
        }

        return value is not null;
    }

    /// <summary>The value as it stands, or null; the key counts as known from then on.</summary>
    public JsonNode? Raw(string key) => Has(key) ? node[key] : null;

    /// <summary>The place of a key, as a message names it.</summary>
    public string At(string key) => PositionedJson.Member(Path, key);

    /// <summary>A whole number within bounds, both included.</summary>
    public int Int(string key, int fallback, int min, int max)
    {
        if (Raw(key) is not { } value)
        {
            return fallback;
        }

        if (value is JsonValue scalar && scalar.TryGetValue(out long whole))
        {
            if (whole >= min && whole <= max)
            {
                return (int)whole;
            }

            return Fault(ScenarioCodes.BadValue, key, $"'{key}' is {whole}, but must be from {min:N0} to {max:N0}", fallback);
        }

        return Fault(ScenarioCodes.WrongType, key, $"'{key}' must be a whole number, not {Describe(value)}", fallback);
    }

    /// <summary>A number within bounds; the lower one is excluded where asked.</summary>
    public double Number(string key, double fallback, double min, double max, bool minExcluded = false)
    {
        if (Raw(key) is not { } value)
        {
            return fallback;
        }

        if (value is not JsonValue scalar || Value(scalar) is not { } number)
        {
            return Fault(ScenarioCodes.WrongType, key, $"'{key}' must be a number, not {Describe(value)}", fallback);
        }

        if (number <= max && (minExcluded ? number > min : number >= min))
        {
            return number;
        }

        var range = minExcluded ? $"more than {min} and at most {max}" : $"from {min} to {max}";
        return Fault(
            ScenarioCodes.BadValue,
            key,
            string.Create(CultureInfo.InvariantCulture, $"'{key}' is {number}, but must be {range}"),
            fallback
        );
    }

    /// <summary>A span in seconds.</summary>
    public TimeSpan Seconds(string key, TimeSpan fallback, double min = 0, bool minExcluded = false) =>
        TimeSpan.FromSeconds(Number(key, fallback.TotalSeconds, min, 86_400, minExcluded));

    /// <summary>True or false.</summary>
    public bool Bool(string key, bool fallback)
    {
        if (Raw(key) is not { } value)
        {
            return fallback;
        }

        return value is JsonValue scalar && scalar.TryGetValue(out bool flag)
            ? flag
            : Fault(ScenarioCodes.WrongType, key, $"'{key}' must be true or false, not {Describe(value)}", fallback);
    }

    /// <summary>A text that is not empty, or null.</summary>
    public string? Text(string key, bool required = false)
    {
        if (Raw(key) is not { } value)
        {
            return required && !node.ContainsKey(key) ? Fault<string?>(ScenarioCodes.Missing, "", $"'{key}' is missing", null) : null;
        }

        if (value is JsonValue scalar && scalar.TryGetValue(out string? text))
        {
            return text.Trim().Length > 0 ? text : Fault<string?>(ScenarioCodes.BadValue, key, $"'{key}' is empty", null);
        }

        return Fault<string?>(ScenarioCodes.WrongType, key, $"'{key}' must be a text, not {Describe(value)}", null);
    }

    /// <summary>One of a few names; the answer is one of <paramref name="choices"/> or null.</summary>
    public string? Choice(string key, bool required, params string[] choices)
    {
        if (Text(key, required) is not { } text)
        {
            return null;
        }

        return choices.Contains(text, StringComparer.Ordinal)
            ? text
            : Fault<string?>(ScenarioCodes.BadValue, key, $"'{key}' is '{text}'{NearestName.Hint(text, choices)}", null);
    }

    /// <summary>A list of texts; empty where the key is missing.</summary>
    public ImmutableArray<string> Texts(string key)
    {
        switch (Raw(key))
        {
            case null:
                return [];
            case JsonArray items:
                var texts = ImmutableArray.CreateBuilder<string>();
                for (var i = 0; i < items.Count; i++)
                {
                    if (items[i] is JsonValue scalar && scalar.TryGetValue(out string? text) && text.Length > 0)
                    {
                        texts.Add(text);
                    }
                    else
                    {
                        Context.Report(
                            ScenarioCodes.WrongType,
                            $"{At(key)}[{i}]",
                            $"an item of '{key}' must be a text, not {Describe(items[i])}"
                        );
                    }
                }

                return texts.ToImmutable();
            case var other:
                return Fault<ImmutableArray<string>>(
                    ScenarioCodes.WrongType,
                    key,
                    $"'{key}' must be a list of texts, not {Describe(other)}",
                    []
                );
        }
    }

    /// <summary>An object, or null.</summary>
    public ObjectReader? Object(string key)
    {
        return Raw(key) switch
        {
            null => null,
            JsonObject inner => new ObjectReader(Context, inner, At(key)),
            var other => Fault<ObjectReader?>(ScenarioCodes.WrongType, key, $"'{key}' must be an object, not {Describe(other)}", null),
        };
    }

    /// <summary>Each object of a list.</summary>
    public IEnumerable<ObjectReader> Objects(string key)
    {
        if (Raw(key) is { } value and not JsonArray)
        {
            Context.Report(ScenarioCodes.WrongType, At(key), $"'{key}' must be a list, not {Describe(value)}");
        }

        foreach (var (item, i) in (Raw(key) as JsonArray ?? []).Select((item, i) => (item, i)))
        {
            if (item is JsonObject inner)
            {
                yield return new ObjectReader(Context, inner, $"{At(key)}[{i}]");
            }
            else
            {
                Context.Report(ScenarioCodes.WrongType, $"{At(key)}[{i}]", $"an item of '{key}' must be an object, not {Describe(item)}");
            }
        }
    }

    /// <summary>The members of a map whose keys are names chosen by the user; values that are no objects are reported.</summary>
    public IEnumerable<(string Name, ObjectReader Value)> Members()
    {
        foreach (var (name, value) in node)
        {
            _known.Add(name);
            if (value is JsonObject inner)
            {
                yield return (name, new ObjectReader(Context, inner, At(name)));
            }
            else
            {
                Context.Report(ScenarioCodes.WrongType, At(name), $"'{name}' must be an object, not {Describe(value)}");
            }
        }
    }

    /// <summary>The map's own names, whatever their values.</summary>
    public IEnumerable<string> Keys() => node.Select(pair => pair.Key);

    /// <summary>Reports the keys that nobody asked for.</summary>
    public void End()
    {
        foreach (var (key, _) in node.Where(pair => !_known.Contains(pair.Key)))
        {
            Context.Report(
                ScenarioCodes.UnknownKey,
                At(key),
                $"unknown key '{key}'{NearestName.Hint(key, [.. _known.Order(StringComparer.Ordinal)])}"
            );
        }
    }

    /// <summary>Reports a mistake and gives the value that reading goes on with.</summary>
    public T Fault<T>(string code, string key, string message, T fallback)
    {
        Context.Report(code, key.Length == 0 ? Path : At(key), message);
        return fallback;
    }

    /// <summary>A value's type, as a message names it.</summary>
    public static string Describe(JsonNode? value) => value?.GetValueKind() switch
    {
        null or JsonValueKind.Null => "null",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => value is JsonValue scalar && scalar.TryGetValue(out long _) ? "a number" : "a number with a fraction",
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        _ => "true or false",
    };

    private static double? Value(JsonValue scalar) =>
        scalar.TryGetValue(out long whole) ? whole : scalar.TryGetValue(out double real) && double.IsFinite(real) ? real : null;
}
