using System.Text.Json.Nodes;

namespace FaultTolerance.LocalCluster.Api.Apply;

/// <summary>How a value is owned: as a whole, by member, by item or by value.</summary>
internal abstract record FieldSchema
{
    private FieldSchema()
    {
    }

    /// <summary>A value that one manager owns as a whole.</summary>
    public static FieldSchema Whole { get; } = new Atomic();

    /// <summary>What is known of values of which nothing is said: maps by member, lists as a whole.</summary>
    public static FieldSchema Deduced { get; } = new Members(_ => Deduced!);

    /// <summary>A scalar, or a map or list that is replaced as a whole.</summary>
    internal sealed record Atomic : FieldSchema;

    /// <summary>A map whose members have owners of their own.</summary>
    /// <param name="Of">The schema of a member; null for one that no such map has.</param>
    internal sealed record Members(Func<string, FieldSchema?> Of) : FieldSchema;

    /// <summary>A list of maps that are told apart by some of their members.</summary>
    /// <param name="Keys">Those members, with what stands for one that is left out.</param>
    /// <param name="Item">The schema of an item.</param>
    internal sealed record Keyed(IReadOnlyList<(string Name, JsonNode? Default)> Keys, FieldSchema Item) : FieldSchema;

    /// <summary>A list of plain values, each of which has owners of its own.</summary>
    internal sealed record ValueSet : FieldSchema;
}
