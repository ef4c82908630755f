using System.Text.Json.Nodes;
using FaultTolerance.Scenarios;
using FaultTolerance.Scenarios.Reading;

namespace FaultTolerance.Results.Checks.Kinds;

/// <summary>A check that is asked for or not, and needs nothing beside.</summary>
internal abstract class Flag(string key, string description, string asked) : ICheck
{
    public string Key => key;

    public virtual bool JudgesInvalidRows => false;

    public abstract string UnknownWhen { get; }

    public JsonObject Schema => new() { ["type"] = "boolean", ["description"] = description };

    public IEnumerable<CheckSpec> Read(ObjectReader item) => item.Bool(key, false) ? [new CheckSpec(key)] : [];

    public bool IsWhole(CheckSpec check) => true;

    public string Asked(CheckSpec check) => asked;

    public abstract Finding Judge(ScenarioResult row, CheckSpec check);
}
