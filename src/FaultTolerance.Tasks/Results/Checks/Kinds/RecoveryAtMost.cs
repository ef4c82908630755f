using System.Collections.Immutable;
using System.Text.Json.Nodes;
using FaultTolerance.Results.Recovery;
using FaultTolerance.Scenarios;
using FaultTolerance.Scenarios.Reading;

namespace FaultTolerance.Results.Checks.Kinds;

/// <summary>Recovery by the definition named, seconds.</summary>
/// <param name="definitions">The definitions that may be named.</param>
internal sealed class RecoveryAtMost(ImmutableArray<RecoveryDefinition> definitions) : ICheck
{
    /// <summary>Its key in scenarios.json.</summary>
    public const string Name = "recoveryAtMost";

    private readonly ImmutableArray<string> _names = [.. definitions.Select(definition => definition.Id)];

    /// <inheritdoc/>
    public string Key => Name;

    public bool NeedsFault => true;

    public string UnknownWhen => "the time is not known, or the observation ended first";

    public JsonObject Schema => Limits.ByName("Recovery by definition, seconds.", _names, Limits.MostSeconds);

    public IEnumerable<CheckSpec> Read(ObjectReader item) =>
        Limits
            .Read(item, Key, _names, Limits.MostSeconds)
            .Select(limit => new CheckSpec(Key) { Subject = limit.Name, AtMost = limit.Value });

    public bool IsWhole(CheckSpec check) => check is { Subject: not null, AtMost: not null };

    public string Asked(CheckSpec check) => $"{check.Subject} at most {Finding.Number(check.AtMost)} s";

    public Finding Judge(ScenarioResult row, CheckSpec check) =>
        Limits.AtMost(row.Recovered(check.Subject!), check.AtMost!.Value, check.Subject!);
}
