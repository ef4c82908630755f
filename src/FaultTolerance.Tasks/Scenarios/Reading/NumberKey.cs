using System.Text.Json.Nodes;

namespace FaultTolerance.Scenarios.Reading;

/// <summary>A key whose value is a number: its bounds are stated once, for the schema and for reading.</summary>
/// <param name="Name">The key.</param>
/// <param name="Description">What it means, as a sentence.</param>
/// <param name="Min">The least value, itself included.</param>
/// <param name="Max">The largest value, itself included.</param>
/// <param name="Otherwise">What it is where it is left out.</param>
internal sealed record NumberKey(string Name, string Description, double Min, double Max, double Otherwise) : FaultKey(
    Name, new JsonObject { ["type"] = "number", ["minimum"] = Min, ["maximum"] = Max, ["default"] = Otherwise }, Description)
{
    /// <summary>The value, or <see cref="Otherwise"/>.</summary>
    public double Read(ObjectReader item)
    {
        ArgumentNullException.ThrowIfNull(item);
        return item.Number(Name, Otherwise, Min, Max);
    }
}
