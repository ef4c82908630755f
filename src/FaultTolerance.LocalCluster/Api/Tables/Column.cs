using System.Text.Json.Nodes;

namespace FaultTolerance.LocalCluster.Api.Tables;

/// <summary>One column of a table.</summary>
/// <param name="Name">Heading.</param>
/// <param name="Type">OpenAPI type of its cells.</param>
/// <param name="Priority">0 is always shown, more with <c>-o wide</c>.</param>
/// <param name="Cell">Gives an object's cell as of a time.</param>
internal sealed record Column(string Name, string Type, int Priority, Func<JsonObject, DateTimeOffset, JsonNode?> Cell)
{
    /// <summary>The column as a table defines it.</summary>
    public JsonObject Definition() => new()
    {
        ["name"] = Name,
        ["type"] = Type,
        ["format"] = Name == "Name" ? "name" : "",
        ["description"] = Name,
        ["priority"] = Priority,
    };
}
