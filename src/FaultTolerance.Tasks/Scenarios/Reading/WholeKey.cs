using System.Text.Json.Nodes;

namespace FaultTolerance.Scenarios.Reading;

/// <summary>A key whose value is a whole number: its bounds are stated once, for the schema and for reading.</summary>
/// <param name="Name">The key.</param>
/// <param name="Description">What it means, as a sentence.</param>
/// <param name="Min">The least value, itself included.</param>
/// <param name="Max">The largest value, itself included.</param>
internal sealed record WholeKey(string Name, string Description, int Min, int Max)
    : FaultKey(Name, new JsonObject { ["type"] = "integer", ["minimum"] = Min, ["maximum"] = Max }, Description)
{
    private readonly int? _otherwise;

    /// <summary>What it is where it is left out; null where there is no such value.</summary>
    public int? Otherwise
    {
        get => _otherwise;
        init
        {
            _otherwise = value;
            Schema["default"] = value;
        }
    }

    /// <summary>
    /// The value, or <see cref="Otherwise"/>. One that a kind cannot be without and that is missing is reported, and the least is returned.
    /// </summary>
    public int Read(ObjectReader item)
    {
        ArgumentNullException.ThrowIfNull(item);
        return Required && !item.Has(Name) ? item.Fault(ScenarioCodes.Missing, "", $"'{Name}' is missing", Min)
            : item.Int(Name, Otherwise ?? Min, Min, Max);
    }

    /// <summary>The value, or null where it is left out.</summary>
    public int? ReadIfGiven(ObjectReader item)
    {
        ArgumentNullException.ThrowIfNull(item);
        return item.Has(Name) ? Read(item) : null;
    }
}
