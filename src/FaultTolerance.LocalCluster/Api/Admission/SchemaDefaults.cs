using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Storage;

namespace FaultTolerance.LocalCluster.Api.Admission;

/// <summary>Fills in the <c>default</c>s of a structural schema.</summary>
internal static class SchemaDefaults
{
    /// <summary>Fills in below a value; the value is changed.</summary>
    public static void Apply(JsonObject? schema, JsonNode? value)
    {
        if (schema is null)
        {
            return;
        }

        switch (value)
        {
            case JsonObject map:
                foreach (var (name, member) in schema.Map("properties") ?? [])
                {
                    if (!map.ContainsKey(name) && member.At("default") is { } preset)
                    {
                        map[name] = preset.DeepClone();
                    }

                    Apply(member as JsonObject, map[name]);
                }

                if (schema.Map("additionalProperties") is { } others)
                {
                    foreach (var (_, member) in map)
                    {
                        Apply(others, member);
                    }
                }

                break;
            case JsonArray list:
                foreach (var item in list)
                {
                    Apply(schema.Map("items"), item);
                }

                break;
            default:
                break;
        }
    }
}
