using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace FaultTolerance.Scenarios.Reading;

/// <summary>How a kind of fault stands in scenarios.json.</summary>
internal interface IFaultSyntax
{
    /// <summary>Its word, the value of <c>kind</c>.</summary>
    string Kind { get; }

    /// <summary>What it does, in a few words that follow its name.</summary>
    string Summary { get; }

    /// <summary>Which of the common keys have a meaning for it.</summary>
    FaultAim Aim { get; }

    /// <summary>Its own keys.</summary>
    ImmutableArray<FaultKey> Keys { get; }

    /// <summary>The record of its faults: what a run's plan is written from and read into.</summary>
    Type Record { get; }

    /// <summary>Reads its own keys. What is wrong is reported to <paramref name="item"/>, and something is returned all the same.</summary>
    Fault Read(ObjectReader item);
}

/// <summary>What a kind of fault is aimed at.</summary>
internal enum FaultAim
{
    /// <summary>Pods of a service: <c>target</c> is needed, <c>pods</c> may be given.</summary>
    Pods,

    /// <summary>A service as a whole: <c>target</c> is needed.</summary>
    Service,

    /// <summary>Something else, which its own keys name.</summary>
    Other,
}

/// <summary>A key of one kind of fault, or of several that mean the same by it.</summary>
/// <param name="Name">The key.</param>
/// <param name="Schema">Its fragment of the JSON schema, without its description.</param>
/// <param name="Description">What it means, as a sentence.</param>
/// <param name="Required">Whether the kind cannot be without it.</param>
internal record FaultKey(string Name, JsonObject Schema, string Description, bool Required = false)
{
    /// <summary>A key whose value is a text that is not empty.</summary>
    public static FaultKey Text(string name, string description) =>
        new(name, new JsonObject { ["type"] = "string", ["minLength"] = 1 }, description);

    /// <summary>A key whose value is a text that is not empty, or a list of such.</summary>
    public static FaultKey Texts(string name, string description) => new(
        name,
        new JsonObject
        {
            ["oneOf"] = new JsonArray(
                new JsonObject { ["type"] = "string", ["minLength"] = 1 },
                new JsonObject
                {
                    ["type"] = "array", ["minItems"] = 1, ["items"] = new JsonObject { ["type"] = "string", ["minLength"] = 1 },
                }),
        },
        description);

    /// <summary>A key whose value is one of a few words.</summary>
    public static FaultKey Choice(string name, string description, IEnumerable<string> words, string otherwise) =>
        new(
            name,
            new JsonObject { ["enum"] = new JsonArray([.. words.Select(word => JsonValue.Create(word))]), ["default"] = otherwise },
            description
        );
}
