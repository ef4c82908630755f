using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace FaultTolerance.Scenarios.Reading;

/// <summary>How a check stands in scenarios.json.</summary>
internal interface ICheckSyntax
{
    /// <summary>Its key in an entry of <c>checks</c>.</summary>
    string Key { get; }

    /// <summary>
    /// The kinds of <see cref="CheckSpec"/> that it reads, in the order in which they are told: as a rule one, named as the key.
    /// </summary>
    ImmutableArray<string> Kinds => [Key];

    /// <summary>The key's fragment of the JSON schema.</summary>
    JsonObject Schema { get; }

    /// <summary>
    /// Reads the key, which is there. What is wrong is reported to <paramref name="item"/>, and what is right is returned all the same.
    /// </summary>
    IEnumerable<CheckSpec> Read(ObjectReader item);
}
