using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Storage;

namespace FaultTolerance.LocalCluster.Api.Admission;

/// <summary>What a definition of custom resources is completed with. It is established at once: nothing can be in its way.</summary>
internal static class CustomResourceDefaults
{
    /// <summary>Names, conversion and status.</summary>
    public static void Apply(JsonObject definition, DateTimeOffset now)
    {
        var spec = definition.Ensure("spec");
        var names = spec.Ensure("names");
        var kind = names.Text("kind") ?? "";
        names.Default("singular", kind.ToLowerInvariant());
        names.Default("listKind", kind + "List");
        spec.Ensure("conversion").Default("strategy", "None");
        var status = definition.Ensure("status");
        status["acceptedNames"] = names.DeepClone();
        var stored = status["storedVersions"] as JsonArray ?? [];
        foreach (var version in spec.Maps("versions").Where(version => version.IsTrue("storage")))
        {
            if (!stored.Any(item => item.Text() == version.Text("name")))
            {
                stored.Add((JsonNode?)version.Text("name"));
            }
        }

        status["storedVersions"] = stored.DeepClone();
        if (status["conditions"] is null)
        {
            status["conditions"] = new JsonArray(
                Condition("NamesAccepted", "NoConflicts", "no conflicts found", now),
                Condition("Established", "InitialNamesAccepted", "the initial names have been accepted", now));
        }
    }

    private static JsonObject Condition(string type, string reason, string message, DateTimeOffset now) => new()
    {
        ["type"] = type,
        ["status"] = "True",
        ["lastTransitionTime"] = MemoryStore.Stamp(now),
        ["reason"] = reason,
        ["message"] = message,
    };
}
