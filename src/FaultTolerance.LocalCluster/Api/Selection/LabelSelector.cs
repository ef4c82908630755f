using System.Globalization;
using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Storage;

namespace FaultTolerance.LocalCluster.Api.Selection;

/// <summary>One condition on an object's labels.</summary>
/// <param name="Key">Label key.</param>
/// <param name="Operator"><c>in</c>, <c>notin</c>, <c>exists</c>, <c>!</c>, <c>gt</c> or <c>lt</c>.</param>
/// <param name="Values">The values; none for <c>exists</c> and <c>!</c>.</param>
internal sealed record LabelRequirement(string Key, string Operator, IReadOnlyList<string> Values)
{
    /// <summary>Whether a value (null: the label is missing) meets the condition.</summary>
    public bool Matches(string? value) => Operator switch
    {
        "in" => value is not null && Values.Contains(value, StringComparer.Ordinal),
        "notin" => value is null || !Values.Contains(value, StringComparer.Ordinal),
        "exists" => value is not null,
        "!" => value is null,
        "gt" => Compare(value) is > 0,
        "lt" => Compare(value) is < 0,
        _ => false,
    };

    private int? Compare(string? value) =>
        long.TryParse(value, CultureInfo.InvariantCulture, out var have)
        && long.TryParse(Values[0], CultureInfo.InvariantCulture, out var want)
            ? have.CompareTo(want)
            : null;
}

/// <summary>A <c>labelSelector</c>: every requirement must hold.</summary>
/// <param name="Requirements">The requirements; none selects everything.</param>
internal sealed record LabelSelector(IReadOnlyList<LabelRequirement> Requirements)
{
    /// <summary>Selects everything.</summary>
    public static LabelSelector All { get; } = new([]);

    /// <summary>Reads the query parameter's grammar; 400 when it is not a selector.</summary>
    public static LabelSelector Parse(string? text) => string.IsNullOrWhiteSpace(text) ? All : new(new LabelSelectorParser(text).Parse());

    /// <summary>Whether an object's labels meet every requirement.</summary>
    public bool Matches(JsonObject value)
    {
        if (Requirements.Count == 0)
        {
            return true;
        }

        var labels = value.Map("metadata", "labels");
        return Requirements.All(requirement => requirement.Matches(labels.Text(requirement.Key)));
    }

    /// <summary>Whether a spec's <c>selector</c> (matchLabels and matchExpressions) matches an object's labels.</summary>
    public static LabelSelector FromSpec(JsonObject? selector)
    {
        var requirements = new List<LabelRequirement>();
        foreach (var (key, value) in selector.Map("matchLabels") ?? [])
        {
            requirements.Add(new(key, "in", [value.Text() ?? ""]));
        }

        foreach (var expression in selector.Maps("matchExpressions"))
        {
            var values = expression.Items("values")?.Select(value => value.Text() ?? "").ToArray() ?? [];
            var name = expression.Text("operator") switch { "In" => "in", "NotIn" => "notin", "Exists" => "exists", _ => "!" };
            requirements.Add(new(expression.Text("key") ?? "", name, values));
        }

        return new(requirements);
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join(',', Requirements.Select(requirement => requirement.Operator switch
    {
        "in" when requirement.Values.Count == 1 => $"{requirement.Key}={requirement.Values[0]}",
        "notin" when requirement.Values.Count == 1 => $"{requirement.Key}!={requirement.Values[0]}",
        "exists" => requirement.Key,
        "!" => "!" + requirement.Key,
        "gt" => $"{requirement.Key}>{requirement.Values[0]}",
        "lt" => $"{requirement.Key}<{requirement.Values[0]}",
        var set => $"{requirement.Key} {set} ({string.Join(',', requirement.Values)})",
    }));
}
