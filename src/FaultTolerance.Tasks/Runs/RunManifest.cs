using System.Text.Json.Nodes;

namespace FaultTolerance.Runs;

/// <summary>What <c>run.json</c> says of a run: what was asked, with which versions, on which cluster, and the clock's anchor.</summary>
internal sealed record RunManifest
{
    /// <summary>The run's id, also its folder's name: <c>yyyyMMdd-HHmmss-xxxx</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The clock's anchor.</summary>
    public required ClockAnchor Anchor { get; init; }

    /// <summary>Frequency of the anchor's timestamp, ticks per second.</summary>
    public required long TimestampFrequency { get; init; }

    /// <summary>Which boot of which machine the anchor's timestamp belongs to; empty where the system does not say.</summary>
    public required string BootId { get; init; }

    /// <summary>The profile asked for.</summary>
    public required string Profile { get; init; }

    /// <summary>Names of the scenarios asked for, in the order they were asked.</summary>
    public required IReadOnlyList<string> Scenarios { get; init; }

    /// <summary>The seed of everything random in the run.</summary>
    public required int Seed { get; init; }

    /// <summary>The namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>The cluster: server address, version, and what is known of it; never a credential.</summary>
    public JsonObject Cluster { get; init; } = [];

    /// <summary>Versions of what measured: this tool, the runtime, the operating system.</summary>
    public JsonObject Versions { get; init; } = [];

    /// <summary>The version of what measures mean; 1 where run.json does not say.</summary>
    public int Definitions { get; init; } = 1;

    /// <summary>True when the graph's processes are stand-ins, so that every table and page says so.</summary>
    public bool StandIn { get; init; }

    /// <summary>Ready texts that scenarios.json gives.</summary>
    public IReadOnlyList<ReadyTextRule> ReadyTexts { get; init; } = [];

    internal JsonObject ToJson()
    {
        var json = Always();
        if (ReadyTexts.Count > 0)
        {
            json["readyTexts"] = new JsonArray([
                .. ReadyTexts.Select(rule => new JsonObject
                {
                    ["services"] = new JsonArray([.. rule.Services.Select(name => (JsonNode)name)]),
                    ["text"] = rule.Text,
                }),
            ]);
        }

        return json;
    }

    private JsonObject Always() => new()
    {
        ["run"] = Id,
        ["startedAt"] = RunClock.Format(Anchor.Utc),
        ["clock"] = new JsonObject
        {
            ["timestamp"] = Anchor.Timestamp,
            ["frequency"] = TimestampFrequency,
            ["bootId"] = BootId,
        },
        ["profile"] = Profile,
        ["namespace"] = Namespace,
        ["seed"] = Seed,
        ["standIn"] = StandIn,
        ["definitions"] = Definitions,
        ["scenarios"] = new JsonArray([.. Scenarios.Select(name => (JsonNode)name)]),
        ["cluster"] = Cluster.DeepClone(),
        ["versions"] = Versions.DeepClone(),
    };

    internal static RunManifest FromJson(JsonObject json) =>
        new()
        {
            Id = (string)json["run"]!,
            Anchor = new ClockAnchor(
                DateTimeOffset.Parse((string)json["startedAt"]!, System.Globalization.CultureInfo.InvariantCulture),
                (long)json["clock"]!["timestamp"]!
            ),
            TimestampFrequency = (long)json["clock"]!["frequency"]!,
            BootId = (string)json["clock"]!["bootId"]!,
            Profile = (string)json["profile"]!,
            Namespace = (string)json["namespace"]!,
            Seed = (int)json["seed"]!,
            StandIn = (bool?)json["standIn"] ?? false,
            Definitions = (int?)json["definitions"] ?? 1,
            Scenarios = [.. json["scenarios"]!.AsArray().Select(name => (string)name!)],
            Cluster = (JsonObject?)json["cluster"]?.DeepClone() ?? [],
            Versions = (JsonObject?)json["versions"]?.DeepClone() ?? [],
            ReadyTexts =
            [
                .. (json["readyTexts"]?.AsArray() ?? []).Select(rule => new ReadyTextRule(
                    [.. rule!["services"]!.AsArray().Select(name => (string)name!)],
                    (string)rule["text"]!
                )),
            ],
        };
}
