using System.Text.Json;
using FaultMatrix.Build.Model;
using FaultMatrix.Shared;

namespace FaultMatrix.Build.CommandLine;

/// <summary>A value of a parameters file.</summary>
/// <param name="Words">Its words.</param>
/// <param name="Shown">The file as messages name it.</param>
/// <param name="File">The file.</param>
/// <param name="Line">The line of its key, from 1.</param>
internal sealed record FileValue(IReadOnlyList<string> Words, string Shown, string File, int Line);

/// <summary>Values of <c>.nuke/parameters.json</c> and of the profiles beside it; what comes later wins.</summary>
internal static class ParametersFiles
{
    private const int MostErrors = 20;
    private const long LargestFile = 1L << 20;

    /// <summary>Reads the default file, if it is there, and one file per profile, which must be there.</summary>
    /// <returns>Per member name the value, and where it stands.</returns>
    public static Dictionary<string, FileValue> Read(
        string root, IReadOnlyList<string> profiles, Declarations declarations, List<FrontError> errors)
    {
        var values = new Dictionary<string, FileValue>(StringComparer.Ordinal);
        var standard = Path.Combine(root, ".nuke", "parameters.json");
        if (File.Exists(standard))
        {
            ReadOne(standard, root, declarations, values, errors);
        }

        foreach (var profile in profiles)
        {
            var file = Path.Combine(root, ".nuke", $"parameters.{profile}.json");
            if (File.Exists(file))
            {
                ReadOne(file, root, declarations, values, errors);
                continue;
            }

            var near = Nearest.Of(profile, Profiles(root));
            errors.Add(new FrontError("FT0104", $"There is no parameters file '.nuke/parameters.{profile}.json'."
                + (near is null ? "" : $" Did you mean --profile {near}?")));
        }

        return values;
    }

    /// <summary>The names of the profiles that have a file.</summary>
    public static IReadOnlyList<string> Profiles(string root)
    {
        var folder = Path.Combine(root, ".nuke");
        return !Directory.Exists(folder) ? [] : [.. Directory.EnumerateFiles(folder, "parameters.*.json")
            .Select(f => Path.GetFileNameWithoutExtension(f)["parameters.".Length..]).Order(StringComparer.Ordinal)];
    }

    private static void ReadOne(
        string file, string root, Declarations declarations, Dictionary<string, FileValue> values, List<FrontError> errors)
    {
        var shown = Path.GetRelativePath(root, file).Replace('\\', '/');
        if (FileKinds.Of(file) != FileKind.Regular || new FileInfo(file).Length > LargestFile)
        {
            errors.Add(new FrontError(
                "FT0104", $"{shown} is no file of parameters: it is a device or a pipe, or larger than {LargestFile >> 20} MB.", file));
            return;
        }

        try
        {
            var text = File.ReadAllBytes(file);
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions
            {
                CommentHandling = JsonCommentHandling.Skip,
                AllowTrailingCommas = true,
            });
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                errors.Add(new FrontError("FT0104", $"{shown} is not a JSON object.", file, 1));
                return;
            }

            var lines = LinesOfKeys(text);
            var unknown = 0;
            foreach (var property in document.RootElement.EnumerateObject())
            {
                if (property.Name == "$schema")
                {
                    continue;
                }

                var definition = declarations.AllParameters.FirstOrDefault(p => p.Name == property.Name);
                if (definition is null && ++unknown > MostErrors)
                {
                    continue;
                }

                if (definition is null)
                {
                    var near = Nearest.Of(property.Name, declarations.AllParameters.Where(p => !p.Hidden).Select(p => p.Name));
                    errors.Add(new FrontError("FT0102", $"{shown}: unknown key '{property.Name}'."
                        + (near is null ? "" : $" Did you mean '{near}'?"), file, lines[property.Name]));
                }
                else if (Words(property.Value) is { } words)
                {
                    values[property.Name] = new FileValue(words, shown, file, lines[property.Name]);
                }
                else if (property.Value.ValueKind != JsonValueKind.Null)
                {
                    errors.Add(new FrontError(
                        "FT0103", $"{shown}: '{property.Name}' has a value that is neither a text, a number, true, false nor "
                        + "a list of these.", file, lines[property.Name]));
                }
            }

            if (unknown > MostErrors)
            {
                errors.Add(new FrontError("FT0102", $"{shown}: {unknown - MostErrors} more unknown keys.", file));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            errors.Add(new FrontError("FT0104", $"{shown} cannot be read: {e.Message}", file));
        }
        catch (JsonException e)
        {
            errors.Add(new FrontError(
                "FT0104", $"{shown} is not valid JSON, line {e.LineNumber + 1}: {e.Message.Split(" LineNumber", 2)[0]}",
                file, (int)(e.LineNumber ?? 0) + 1));
        }
    }

    // The document model knows no places, and hosts list a mistake at its line.
    private static Dictionary<string, int> LinesOfKeys(byte[] text) => PositionedJson.Read(text).LinesOfKeys();

    private static IReadOnlyList<string>? Words(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => [value.GetString()!],
        JsonValueKind.Number => [value.GetRawText()],
        JsonValueKind.True => ["true"],
        JsonValueKind.False => ["false"],
        JsonValueKind.Array when value.EnumerateArray().All(v => v.ValueKind is JsonValueKind.String or JsonValueKind.Number)
            => [.. value.EnumerateArray().Select(v => v.ToString())],
        _ => null,
    };
}
