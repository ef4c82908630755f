using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace FaultTolerance.Artefacts.Metrics;

/// <summary>
/// Which series are meant, as Prometheus writes it: a name, and labels with <c>=</c>, <c>!=</c>, <c>=~</c> or <c>!~</c>. A label that a
/// series has not counts as empty; patterns must match the whole value.
/// </summary>
internal sealed partial class SeriesMatcher
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private readonly ImmutableArray<(string Label, bool Wanted, Regex Value)> _labels;

    private SeriesMatcher(string name, ImmutableArray<(string, bool, Regex)> labels) => (Name, _labels) = (name, labels);

    /// <summary>The metric's name.</summary>
    public string Name { get; }

    /// <summary>Reads it; null where it is none, or a pattern cannot be read.</summary>
    public static SeriesMatcher? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (Whole().Match(text.Trim()) is not { Success: true } whole)
        {
            return null;
        }

        var labels = ImmutableArray.CreateBuilder<(string, bool, Regex)>();
        foreach (Match label in One().Matches(whole.Groups["labels"].Value))
        {
            var (how, value) = (label.Groups["how"].Value, label.Groups["value"].Value);
            try
            {
                var pattern = how.EndsWith('~') ? value : Regex.Escape(value);
                var asked = new Regex($"^(?:{pattern})$", RegexOptions.CultureInvariant, Patience);
                labels.Add((label.Groups["name"].Value, how[0] == '=', asked));
            }
            catch (ArgumentException)
            {
                return null;
            }
        }

        return new SeriesMatcher(whole.Groups["metric"].Value, labels.ToImmutable());
    }

    /// <summary>Whether a series is meant.</summary>
    public bool Matches(string series)
    {
        if (Exposition.Name(series) != Name)
        {
            return false;
        }

        var has = Exposition.Labels(series);
        return _labels.All(label => label.Value.IsMatch(has.GetValueOrDefault(label.Label, "")) == label.Wanted);
    }

    // One matcher of a label.
    private const string Text = """(?<name>[A-Za-z_][A-Za-z0-9_]*)\s*(?<how>=~|!~|!=|=)\s*"(?<value>([^"\\]|\\.)*)"\s*,?\s*""";

    [GeneratedRegex($$"""^(?<metric>[A-Za-z_:][A-Za-z0-9_:]*)(\{\s*(?<labels>({{Text}})*)\})?$""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Whole();

    [GeneratedRegex(Text, RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex One();
}
