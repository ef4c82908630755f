using FaultMatrix.Build.Model;

namespace FaultMatrix.Build.CommandLine;

/// <summary>Binds all sources to the declared parameters, and finds everything that is wrong with them at once.</summary>
internal sealed class ParameterBinder(Declarations declarations, string root, string currentFolder,
    IReadOnlyDictionary<string, string> environment)
{
    private readonly List<FrontError> _errors = [];
    private readonly List<string> _warnings = [];

    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>
    /// The folder of the program's own files, where it is not the root: a default file that the root lacks is taken from there.
    /// </summary>
    public string? Home { get; init; }

    /// <summary>The values by precedence: command line, environment, parameters files, default.</summary>
    /// <exception cref="FrontException">Unknown parameters, unknown keys or bad values, all of them.</exception>
    public ParameterSet Bind(ParsedCommandLine command)
    {
        _errors.AddRange(command.Arguments.Where(a => declarations.FindParameter(a.Word) is null).Select(Unknown));
        _errors.AddRange(command.Arguments.GroupBy(a => a.Key, StringComparer.Ordinal).Where(g => g.Count() > 1).Select(Repeated));

        var profiles = command.Find("profile")?.Values ?? FromEnvironment("profile")?.Items ?? [];
        var files = ParametersFiles.Read(root, profiles, declarations, _errors);
        var values = new List<ParameterValue>();
        foreach (var parameter in declarations.AllParameters)
        {
            if (Value(parameter, command, files) is { } value)
            {
                values.Add(value);
            }
        }

        return _errors.Count == 0 ? new ParameterSet(values) : throw new FrontException([.. _errors]);
    }

    /// <summary>
    /// The named targets in order; the default one if none is named. As in NUKE, <c>--target</c> counts before targets that stand alone;
    /// those must be known all the same, and a warning tells that they are left out.
    /// </summary>
    public IReadOnlyList<TargetDefinition> Targets(ParsedCommandLine command, ParameterSet values)
    {
        var positional = Resolve(command.Targets);
        var byOption = Resolve(CommandLineParser.SplitPlus(values.Items("Target")));
        if (positional.Count == 0 || values["Target"]?.Source == ValueSource.CommandLine)
        {
            var left = positional.Except(byOption).Select(t => t.Name).ToList();
            if (byOption.Count > 0 && left.Count > 0)
            {
                _warnings.Add($"--target names what runs, so {string.Join(", ", left)} is left out.");
            }

            return byOption.Count > 0 ? byOption : positional.Count > 0 ? positional : [declarations.Default];
        }

        return positional;
    }

    /// <summary>Target names to targets.</summary>
    /// <exception cref="FrontException">Unknown names, with the nearest ones.</exception>
    public IReadOnlyList<TargetDefinition> Resolve(IReadOnlyList<string> names)
    {
        var unknown = names.Where(n => declarations.FindTarget(n) is null).Select(UnknownTarget).ToArray();
        return unknown.Length > 0 ? throw new FrontException(unknown) : [.. names.Select(n => declarations.FindTarget(n)!).Distinct()];
    }

    private ParameterValue? Value(
        ParameterDefinition parameter, ParsedCommandLine command, Dictionary<string, FileValue> files)
    {
        var given = command.Arguments.Where(a => a.Key == parameter.Key).ToList();
        if (given.Count > 0)
        {
            return Checked(parameter, given[^1].Values, given[^1].Word, currentFolder, ValueSource.CommandLine);
        }

        // NUKE reads its own parameters from the environment too, but a bare HELP or ROOT there means something else.
        var fromEnvironment = EnvironmentValues.Find(parameter.BuiltIn ? parameter with { PrefixedOnly = true }
            : parameter, environment, _warnings);
        if (fromEnvironment is { } e)
        {
            return Checked(parameter, e.Words, $"The environment variable {e.Variable}", currentFolder, ValueSource.Environment);
        }

        if (files.TryGetValue(parameter.Name, out var f))
        {
            return Checked(parameter, f.Words, $"{f.Shown}: '{parameter.Name}'", root, ValueSource.ParametersFile, f);
        }

        return parameter.Default is null ? null
            : Checked(parameter, [parameter.Default], parameter.Name, DefaultFolder(parameter), ValueSource.Default);
    }

    private string DefaultFolder(ParameterDefinition parameter) =>
        parameter.Type == ParameterType.File && !File.Exists(Path.Combine(root, parameter.Default!))
            && Home is { } home && File.Exists(Path.Combine(home, parameter.Default!)) ? home : root;

    private ParameterValue Checked(ParameterDefinition parameter, IReadOnlyList<string> words, string shownAs, string folder,
        ValueSource source, FileValue? place = null)
    {
        var items = ValueParser.Parse(parameter, words, shownAs, folder, out var error);
        if (error is not null)
        {
            _errors.Add(place is null ? error : error with { File = place.File, Line = place.Line });
        }

        return new ParameterValue(parameter, items, source);
    }

    private ParameterValue? FromEnvironment(string name) =>
        EnvironmentValues.Find(declarations.FindParameter(name)! with { PrefixedOnly = true }, environment, []) is { } e
            ? new ParameterValue(declarations.FindParameter(name)!, e.Words, ValueSource.Environment) : null;

    private FrontError Unknown(Argument argument)
    {
        var near = Nearest.Of(argument.Key, declarations.AllParameters.Where(p => !p.Hidden).Select(p => p.Name));
        return new FrontError("FT0102", $"Unknown parameter '{argument.Word}'."
            + (near is null ? " ./build.sh --help lists them." : $" Did you mean '--{Names.Dashed(near)}'?"));
    }

    private FrontError Repeated(IGrouping<string, Argument> occurrences)
    {
        var definition = declarations.FindParameter(occurrences.Key);
        var word = occurrences.First().Word;
        return new FrontError("FT0103", $"{word} is given {occurrences.Count()} times. " + (definition?.Type == ParameterType.StringArray
            ? $"Give it once, with all its values: {word} {string.Join(' ', occurrences.SelectMany(o => o.Values))}".TrimEnd()
                : "Give it once."));
    }

    private FrontError UnknownTarget(string name)
    {
        var near = Nearest.Of(name, declarations.Targets.Select(t => t.Name));
        return new FrontError("FT0101", $"Unknown target '{name}'."
            + (near is null ? " ./build.sh --help lists them." : $" Did you mean '{near}'?"));
    }
}
