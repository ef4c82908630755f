using System.Globalization;
using System.Xml.Linq;

namespace FaultMatrix.Build.Model;

/// <summary>
/// The declared parameters and targets: one file for the front and for MSBuild, read here as plain XML so that help needs no engine.
/// </summary>
internal sealed class Declarations
{
    /// <summary>Where the declarations stand, relative to the root.</summary>
    public const string RelativePath = "src/FaultTolerance.Tasks/build/FaultTolerance.Parameters.props";

    private readonly Dictionary<string, ParameterDefinition> _parameters;
    private readonly Dictionary<string, TargetDefinition> _targets;

    public Declarations(IEnumerable<ParameterDefinition> parameters, IEnumerable<TargetDefinition> targets)
    {
        Parameters = [.. parameters.OrderBy(p => p.Name, StringComparer.Ordinal)];
        Targets = [.. targets];
        this._parameters = BuiltIns.Parameters.Concat(Parameters).GroupBy(p => p.Key, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.Last(), StringComparer.Ordinal);
        this._targets = Targets.ToDictionary(t => t.Key, StringComparer.Ordinal);
    }

    /// <summary>The parameters of the domain, sorted by name.</summary>
    public IReadOnlyList<ParameterDefinition> Parameters { get; }

    /// <summary>The targets in the order of their declaration.</summary>
    public IReadOnlyList<TargetDefinition> Targets { get; }

    /// <summary>The target that runs when none is named.</summary>
    public TargetDefinition Default => Targets.First(t => t.IsDefault);

    /// <summary>Declared and built-in parameters.</summary>
    public IEnumerable<ParameterDefinition> AllParameters => _parameters.Values;

    public ParameterDefinition? FindParameter(string name) => _parameters.GetValueOrDefault(Names.Key(name));

    public TargetDefinition? FindTarget(string name) => _targets.GetValueOrDefault(Names.Key(name));

    /// <summary>Reads the declarations below a root folder.</summary>
    public static Declarations Load(string root)
    {
        var file = Path.Combine(root, RelativePath);
        return File.Exists(file)
            ? Parse(XDocument.Load(file))
            : throw new FrontException("FT0110", $"'{RelativePath}' is missing below '{root}'; is this FaultMatrix's root folder?");
    }

    public static Declarations Parse(XDocument document)
    {
        var defaults = document.Descendants("PropertyGroup").Where(g => g.Attribute("Label")?.Value == "Defaults").Elements()
            .ToDictionary(e => e.Name.LocalName, e => e.Value.Trim(), StringComparer.Ordinal);
        return new Declarations(
            document.Descendants("FaultParameter").Select(e => Parameter(e, defaults)),
            document.Descendants("FaultTarget").Select(Target));
    }

    private static ParameterDefinition Parameter(XElement e, Dictionary<string, string> defaults) => new(
        Text(e, "Include"), TypeOf(Text(e, "Type")), Text(e, "Description"))
    {
        Values = List(e, "Values"),
        Default = defaults.GetValueOrDefault(Text(e, "Include")),
        Secret = Text(e, "Secret") == "true",
        PrefixedOnly = Text(e, "Env") == "prefixed",
        InFront = Text(e, "Runs") == "front",
        Min = Number(e, "Min"),
        Max = Number(e, "Max"),
    };

    private static TargetDefinition Target(XElement e) => new(Text(e, "Include"), Text(e, "Description"))
    {
        DependsOn = List(e, "DependsOn"),
        After = e.Attribute("After")?.Value,
        IsDefault = Text(e, "Default") == "true",
        InEngine = Text(e, "Runs") == "engine",
        RunsAfterFailure = Text(e, "AfterFailure") == "true",
        TakesScenarios = Text(e, "Scenarios") == "true",
        NeedsCluster = Text(e, "Cluster") == "true",
        NeedsSources = Text(e, "Sources") == "true",
    };

    private static ParameterType TypeOf(string name) => name switch
    {
        "string" => ParameterType.String,
        "string[]" => ParameterType.StringArray,
        "path" => ParameterType.Path,
        "file" => ParameterType.File,
        "name" => ParameterType.Name,
        "bool" => ParameterType.Bool,
        "int" => ParameterType.Int,
        "seconds" => ParameterType.Seconds,
        "enum" => ParameterType.Enum,
        _ => throw new FrontException("FT0905", $"{RelativePath}: '{name}' is no type of a parameter."),
    };

    private static string Text(XElement e, string attribute) => e.Attribute(attribute)?.Value ?? "";

    private static string[] List(XElement e, string attribute) => Text(e, attribute).Split(';', StringSplitOptions.RemoveEmptyEntries);

    private static int? Number(XElement e, string attribute) =>
        e.Attribute(attribute) is { } a ? int.Parse(a.Value, CultureInfo.InvariantCulture) : null;
}
