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
internal static class CheckFile
{
    /// <summary>The file's name.</summary>
    public const string Name = "checks.json";

    /// <summary>The code where it cannot be read.</summary>
    internal const string Unreadable = "FT0816";

    private static readonly JsonSerializerOptions Form = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        IgnoreReadOnlyProperties = true,
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
    /// <exception cref="FaultMatrixException">FT0816 where it is there and cannot be read: a verdict must not get lost in
    /// silence.</exception>
    internal static IReadOnlyDictionary<string, ImmutableArray<CheckSpec>> Read(string runFolder, CheckCatalog catalog)
    {
        var path = Path.Combine(runFolder, Name);
        if (!File.Exists(path))
        {
            return ImmutableDictionary<string, ImmutableArray<CheckSpec>>.Empty;
        }

        try
        {
            var asked = JsonSerializer.Deserialize<Dictionary<string, ImmutableArray<CheckSpec>>>(File.ReadAllText(path), Form) ?? [];
            foreach (var (row, check) in asked.SelectMany(row => (row.Value.IsDefault ? [] : row.Value).Select(check => (row.Key, check))))
            {
                var kind = catalog.Find(check?.Kind) ?? throw new JsonException($"'{row}' asks for '{check?.Kind}', which is no check");
                _ = kind.IsWhole(check!) ? true : throw new JsonException($"'{row}' asks for '{check!.Kind}' without its limit or subject");
            }

            return asked;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new FaultMatrixException(Unreadable, $"'{Name}' cannot be read as checks: {error.Message}", error) { File = path };
        }
    }
}
