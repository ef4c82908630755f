using System.Text.Json;
using FaultMatrix.Build.Model;

namespace FaultMatrix.Build.CommandLine;

/// <summary>Values of <c>.nuke/parameters.json</c> and of the profiles beside it; what comes later wins.</summary>
internal static class ParametersFiles
{
    /// <summary>Reads the default file, if it is there, and one file per profile, which must be there.</summary>
    /// <returns>Per member name the words, and the file that gave them.</returns>
    public static Dictionary<string, (IReadOnlyList<string> Words, string File)> Read(
        string root, IReadOnlyList<string> profiles, Declarations declarations, List<FrontError> errors)
    {
        var values = new Dictionary<string, (IReadOnlyList<string>, string)>(StringComparer.Ordinal);
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
            errors.Add(new FrontError("FT0104", $"There is no parameters file '.nuke/parameters.{profile}.json'." + (near is null ? "" : $" Did you mean --profile {near}?")));
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
        string file, string root, Declarations declarations, Dictionary<string, (IReadOnlyList<string>, string)> values, List<FrontError> errors)
    {
        var shown = Path.GetRelativePath(root, file).Replace('\\', '/');
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllText(file), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                errors.Add(new FrontError("FT0104", $"{shown} is not a JSON object.", file, 1));
                return;
            }

            foreach (var property in document.RootElement.EnumerateObject())
            {
                if (property.Name == "$schema")
                {
                    continue;
                }

                var definition = declarations.AllParameters.FirstOrDefault(p => p.Name == property.Name);
                if (definition is null)
                {
                    var near = Nearest.Of(property.Name, declarations.AllParameters.Where(p => !p.Hidden).Select(p => p.Name));
                    errors.Add(new FrontError("FT0102", $"{shown}: unknown key '{property.Name}'." + (near is null ? "" : $" Did you mean '{near}'?"), file));
                }
                else if (Words(property.Value) is { } words)
                {
                    values[property.Name] = (words, shown);
                }
                else if (property.Value.ValueKind != JsonValueKind.Null)
                {
                    errors.Add(new FrontError("FT0103", $"{shown}: '{property.Name}' has a value that is neither a text, a number, true, false nor a list of these.", file));
                }
            }
        }
        catch (JsonException e)
        {
            errors.Add(new FrontError("FT0104", $"{shown} is not valid JSON, line {e.LineNumber + 1}: {e.Message.Split(" LineNumber", 2)[0]}", file, (int)(e.LineNumber ?? 0) + 1));
        }
    }

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
