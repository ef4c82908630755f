namespace FaultMatrix.Build.Model;

/// <summary>Where a value came from, strongest first.</summary>
internal enum ValueSource
{
    CommandLine,
    Environment,
    ParametersFile,
    Default,
}

/// <summary>A parameter's value: one text, or several for a list, in the form that the engine reads.</summary>
internal sealed record ParameterValue(ParameterDefinition Definition, IReadOnlyList<string> Items, ValueSource Source)
{
    /// <summary>The value as one text; a list joined by semicolons.</summary>
    public string Text => string.Join(';', Items);
}

/// <summary>The values of a command, after all sources were looked at.</summary>
internal sealed class ParameterSet(IEnumerable<ParameterValue> values)
{
    private readonly Dictionary<string, ParameterValue> _values = values.ToDictionary(v => v.Definition.Name, StringComparer.Ordinal);

    public IEnumerable<ParameterValue> All => _values.Values;

    public ParameterValue? this[string name] => _values.GetValueOrDefault(name);

    /// <summary>The value as text, or null if there is none.</summary>
    public string? Text(string name) => _values.TryGetValue(name, out var v) && v.Items.Count > 0 ? v.Text : null;

    public IReadOnlyList<string> Items(string name) => _values.TryGetValue(name, out var v) ? v.Items : [];

    public bool Flag(string name) => Text(name) == "true";

    /// <summary>Whether somebody gave the value: it is not a default.</summary>
    public bool IsGiven(string name) => _values.TryGetValue(name, out var v) && v.Source != ValueSource.Default;

    /// <summary>A copy with one value replaced.</summary>
    public ParameterSet With(ParameterDefinition definition, params IReadOnlyList<string> items) =>
        new(_values.Values.Where(v => v.Definition.Name != definition.Name)
            .Append(new ParameterValue(definition, items, ValueSource.CommandLine)));
}
