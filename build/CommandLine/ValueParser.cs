using System.Globalization;
using FaultMatrix.Build.Model;

namespace FaultMatrix.Build.CommandLine;

/// <summary>Checks a parameter's words against its type and brings them into the form that the engine reads.</summary>
internal static class ValueParser
{
    private const int LongestName = 100;
    private const long LargestFile = 64L << 20;

    /// <param name="definition">The parameter.</param>
    /// <param name="words">Its words.</param>
    /// <param name="shownAs">The parameter as the user wrote it, for messages.</param>
    /// <param name="baseFolder">What a relative path is relative to.</param>
    /// <param name="error">What is wrong, or null.</param>
    /// <returns>The values; none for a parameter that was given without one.</returns>
    public static IReadOnlyList<string> Parse(
        ParameterDefinition definition, IReadOnlyList<string> words, string shownAs, string baseFolder, out FrontError? error)
    {
        error = null;
        if (definition.Type == ParameterType.StringArray)
        {
            // An empty list would select everything: a variable of a CI system that nobody set must not do that.
            error = definition.EmptyIsAll || words.Any(w => w.Trim().Length > 0) && !words.Any(w => w.Trim().Length == 0) ? null
                : new FrontError(
                    "FT0103", $"{shownAs} needs a value ({(words.Count == 0 ? "one name or more" : "an empty name selects nothing")}).");
            return words;
        }

        if (words.Count > 1)
        {
            error = new FrontError(
                "FT0103", $"{shownAs} takes one value, not {words.Count}: '{string.Join("', '", words)}'.{TargetHint(words)}");
            return [];
        }

        if (words.Count == 0)
        {
            switch (definition.Type)
            {
                case ParameterType.Bool:
                    return ["true"];
                case ParameterType.Enum when definition.Name == "Plan":
                    return ["text"];
                case ParameterType.Path when definition.Name == "Root":
                    return [];
                default:
                    error = new FrontError("FT0103", $"{shownAs} needs a value ({Expected(definition)}).");
                    return [];
            }
        }

        var value = Convert(definition, words[0], baseFolder);
        error = value is { Length: > 0 } ? WrongPlace(definition, value, shownAs) : null;
        if (error is not null)
        {
            return [];
        }

        if (value is { Length: 0 })
        {
            error = new FrontError("FT0103", $"{shownAs} needs a value ({Expected(definition)}), and has an empty one.");
            return [];
        }

        if (value is null)
        {
            var near = definition.Type == ParameterType.Enum ? Nearest.Of(words[0], definition.Values) : null;
            error = new FrontError("FT0103", $"{shownAs} takes {Expected(definition)}, not '{(definition.Secret ? "***" : words[0])}'."
                + (near is null ? "" : $" Did you mean '{near}'?"));
        }

        return value is null ? [] : [value];
    }

    private static string? Convert(ParameterDefinition definition, string word, string baseFolder) => definition.Type switch
    {
        ParameterType.Bool => word.ToLowerInvariant() switch { "true" => "true", "false" => "false", _ => null },
        ParameterType.Int => int.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var i)
            && i >= (definition.Min ?? int.MinValue) && i <= (definition.Max ?? int.MaxValue) ? i.ToString(CultureInfo.InvariantCulture)
                : null,
        ParameterType.Seconds => Seconds(word)?.ToString("R", CultureInfo.InvariantCulture),
        // NUKE's own Plan is a flag.
        ParameterType.Enum when definition.Name == "Plan" && word.Equals("true", StringComparison.OrdinalIgnoreCase) => "text",
        ParameterType.Enum => definition.Values.FirstOrDefault(v => string.Equals(v, word, StringComparison.OrdinalIgnoreCase)),
        ParameterType.Path or ParameterType.File => FullPath(word, baseFolder),
        ParameterType.Name => word.Length == 0 || IsName(word) ? word : null,
        _ => word,
    };

    // A name becomes a part of paths, so it must not lead out of its folder.
    private static bool IsName(string word) =>
        word.Length <= LongestName && char.IsAsciiLetterOrDigit(word[0])
            && word.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    private static FrontError? WrongPlace(ParameterDefinition definition, string path, string shownAs) => definition.Type switch
    {
        ParameterType.File when FileKinds.Of(path) == FileKind.Folder =>
            new FrontError("FT0103", $"{shownAs} takes a file, and '{path}' is a folder."),
        ParameterType.File when FileKinds.Of(path) == FileKind.Other =>
            new FrontError("FT0103", $"{shownAs} takes a file, and '{path}' is a device or a pipe."),
        ParameterType.File when File.Exists(path) && new FileInfo(path).Length > LargestFile =>
            new FrontError(
                "FT0103", $"{shownAs} takes a file of at most {LargestFile >> 20} MB, and '{path}' has {new FileInfo(path).Length >> 20}."),
        ParameterType.Path when FileKinds.Of(path) is FileKind.Regular or FileKind.Other =>
            new FrontError("FT0103", $"{shownAs} takes a folder, and '{path}' is none."),
        _ => null,
    };

    // KUBECONFIG may be a list of files: that one is left as it is.
    private static string? FullPath(string word, string baseFolder) => word.Length == 0 ? null
        : word.Contains(Path.PathSeparator, StringComparison.Ordinal) ? word : Path.GetFullPath(word, baseFolder);

    /// <summary>
    /// A duration in seconds: <c>1.5</c>, <c>500ms</c>, <c>90s</c>, <c>2m</c>, <c>1h</c>; null if it is none or negative.
    /// </summary>
    public static double? Seconds(string word)
    {
        var (digits, factor) = word switch
        {
            _ when word.EndsWith("ms", StringComparison.Ordinal) => (word[..^2], 0.001),
            _ when word.EndsWith('s') => (word[..^1], 1.0),
            _ when word.EndsWith('m') => (word[..^1], 60.0),
            _ when word.EndsWith('h') => (word[..^1], 3600.0),
            _ => (word, 1.0),
        };
        return double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            && double.IsFinite(number)
            ? number * factor : null;
    }

    private static string Expected(ParameterDefinition d) => d.Type switch
    {
        ParameterType.Bool => "true or false",
        ParameterType.Int when d.Min is not null && d.Max is not null => $"a whole number from {d.Min} to {d.Max}",
        ParameterType.Int => "a whole number",
        ParameterType.Seconds => "seconds, such as 30, 90s or 2m",
        ParameterType.Enum => "one of " + string.Join(", ", d.Values),
        ParameterType.Path => "a path",
        ParameterType.File => "a file",
        ParameterType.Name => $"a name of at most {LongestName} letters, digits, '-', '_' and '.'",
        _ => "a text",
    };

    private static string TargetHint(IReadOnlyList<string> words) =>
        words.Any(w => w.Length > 0 && char.IsUpper(w[0])) ? " Targets stand before the first parameter." : "";
}
