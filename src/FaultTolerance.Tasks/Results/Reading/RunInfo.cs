using System.Collections.Immutable;
using System.Text.Json;
using FaultTolerance.Artefacts.Reading;
using FaultTolerance.Runs;

namespace FaultTolerance.Results.Reading;

/// <summary>What the parser needs of <c>run.json</c>: whether stand-ins served, and which scenarios were asked for.</summary>
/// <param name="StandIn">Whether stand-ins served.</param>
/// <param name="Scenarios">Names of the scenarios asked for.</param>
/// <param name="Findings">What could not be read.</param>
internal sealed record RunInfo(bool StandIn, ImmutableArray<string> Scenarios, ImmutableArray<Diagnostic> Findings)
{
    /// <summary>The run's id; null where run.json does not tell.</summary>
    public string? Id { get; private init; }

    /// <summary>Whether there is a run.json; the reference suite writes none.</summary>
    public bool IsOurs { get; private init; } = true;

    /// <summary>Ready texts that scenarios.json gave.</summary>
    public ImmutableArray<ReadyTextRule> ReadyTexts { get; private init; } = [];

    /// <summary>The version of what measures mean; 1 where run.json does not tell.</summary>
    public int Definitions { get; private init; } = 1;

    /// <summary>Reads a run's folder; a folder without run.json is one of the reference suite's.</summary>
    public static RunInfo Read(string folder)
    {
        var path = Path.Combine(folder, "run.json");
        if (!File.Exists(path))
        {
            return new RunInfo(false, [], []) { IsOurs = false };
        }

        try
        {
            using var stream = File.OpenRead(path);
            using var json = JsonDocument.Parse(stream);
            var root = json.RootElement;
            var standIn =
                root.ValueKind == JsonValueKind.Object
                && root.TryGetProperty("standIn", out var flag)
                && flag.ValueKind == JsonValueKind.True;
            ImmutableArray<string> scenarios =
                root.ValueKind == JsonValueKind.Object
                && root.TryGetProperty("scenarios", out var list)
                && list.ValueKind == JsonValueKind.Array
                    ? [.. list.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!)]
                    : [];
            return new RunInfo(standIn, scenarios, [])
            {
                ReadyTexts = ReadyTextsOf(root),
                Id =
                    root.ValueKind == JsonValueKind.Object && root.TryGetProperty("run", out var id) && id.ValueKind == JsonValueKind.String
                        ? id.GetString()
                        : null,
                Definitions =
                    root.ValueKind == JsonValueKind.Object
                    && root.TryGetProperty("definitions", out var version)
                    && version.TryGetInt32(out var known)
                        ? known
                        : 1,
            };
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            return new RunInfo(
                false,
                [],
                [new Diagnostic(ParseCodes.Unreadable, Severity.Warning, $"cannot be read: {error.Message}") { File = path }]
            );
        }
    }

    // What is no rule is passed over: run.json is the tool's own, and an odd one must not cost the tables.
    private static ImmutableArray<ReadyTextRule> ReadyTextsOf(JsonElement root)
    {
        if (
            root.ValueKind != JsonValueKind.Object
            || !root.TryGetProperty("readyTexts", out var rules)
            || rules.ValueKind != JsonValueKind.Array
        )
        {
            return [];
        }

        return
        [
            .. rules
                .EnumerateArray()
                .Where(rule =>
                    rule.ValueKind == JsonValueKind.Object
                    && rule.TryGetProperty("text", out var text)
                    && text.ValueKind == JsonValueKind.String
                    && text.GetString()!.Length > 0
                )
                .Select(rule => new ReadyTextRule(
                    rule.TryGetProperty("services", out var services) && services.ValueKind == JsonValueKind.Array
                        ?
                        [
                            .. services
                                .EnumerateArray()
                                .Where(name => name.ValueKind == JsonValueKind.String)
                                .Select(name => name.GetString()!),
                        ]
                        : [],
                    rule.GetProperty("text").GetString()!)),
        ];
    }
}
