
namespace FaultMatrix.Build.Model;

/// <summary>The type of a parameter's value.</summary>
internal enum ParameterType
{
    String,
    StringArray,
    Path,
    File,
    Name,
    Bool,
    Int,
    Seconds,
    Enum,
}

/// <summary>A declared parameter: an item of <c>FaultTolerance.Parameters.props</c>, or one of the front's own.</summary>
internal sealed record ParameterDefinition(string Name, ParameterType Type, string Description)
{
    /// <summary>The values that an enum allows.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];

    /// <summary>The value if none is given, or null.</summary>
    public string? Default { get; init; }

    /// <summary>Never shown; comes from the environment or an encrypted file only.</summary>
    public bool Secret { get; init; }

    /// <summary>Taken from the environment only under its prefixed name.</summary>
    public bool PrefixedOnly { get; init; }

    /// <summary>Of a command of the front: no target of the engine takes it.</summary>
    public bool InFront { get; init; }

    /// <summary>One of the front's own, not passed on to the engine.</summary>
    public bool BuiltIn { get; init; }

    /// <summary>Not shown in help and schema.</summary>
    public bool Hidden { get; init; }

    /// <summary>A list that means something when it is given without a value.</summary>
    public bool EmptyIsAll { get; init; }

    /// <summary>The smallest allowed int.</summary>
    public int? Min { get; init; }

    /// <summary>The largest allowed int.</summary>
    public int? Max { get; init; }

    /// <summary>The name in the form that names are compared in.</summary>
    public string Key { get; } = Names.Key(Name);
}
