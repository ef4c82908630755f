using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using FaultTolerance.Runs;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Results.Checks;

/// <summary>
/// <c>checks.json</c> in a run's folder: what each of its scenarios is judged by, as asked when the run was made. So judging needs the
/// artefacts alone; whoever wants to judge an old run by other limits edits this file.
/// </summary>
public static class CheckFile
{
    /// <summary>The file's name.</summary>
    public const string Name = "checks.json";

    private static readonly JsonSerializerOptions Form = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        IgnoreReadOnlyProperties = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    /// <summary>Writes the checks of a run's scenarios; nothing where there are none.</summary>
    public static void Write(string runFolder, IEnumerable<Scenario> scenarios)
    {
        ArgumentNullException.ThrowIfNull(scenarios);
        var asked = new SortedDictionary<string, ImmutableArray<CheckSpec>>(StringComparer.Ordinal);
        foreach (var scenario in scenarios.Where(scenario => !scenario.Checks.IsEmpty))
        {
            asked[scenario.Name] = scenario.Checks;
        }

        if (asked.Count > 0)
        {
            RunFolder.WriteAtomically(Path.Combine(runFolder, Name), JsonSerializer.Serialize(asked, Form) + "\n");
        }
    }

    /// <summary>The checks by scenario; empty where the run has no such file.</summary>
    /// <exception cref="FaultMatrixException">FT0813 where it is there and cannot be read: a verdict must not get lost in silence.</exception>
    public static IReadOnlyDictionary<string, ImmutableArray<CheckSpec>> Read(string runFolder)
    {
        var path = Path.Combine(runFolder, Name);
        if (!File.Exists(path))
        {
            return ImmutableDictionary<string, ImmutableArray<CheckSpec>>.Empty;
        }

        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, ImmutableArray<CheckSpec>>>(File.ReadAllText(path), Form) ?? [];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new FaultMatrixException("FT0813", $"'{Name}' cannot be read as checks: {error.Message}", error) { File = path };
        }
    }
}
