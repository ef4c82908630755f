using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Api.Resources;
using FaultTolerance.LocalCluster.Storage;

namespace FaultTolerance.LocalCluster.Api.Apply;

/// <summary>
/// The schemas of custom resources, from their definitions' <c>x-kubernetes-list-type</c>, <c>-list-map-keys</c> and <c>-map-type</c>.
/// </summary>
internal static class CustomSchemas
{
    /// <summary>The schema of a resource, built-in ones included.</summary>
    public static FieldSchema Of(Resource resource)
    {
        if (resource.Definition is not { } version)
        {
            return BuiltInSchemas.Of(resource.Kind);
        }

        var schema = version.Map("schema", "openAPIV3Schema");
        return new FieldSchema.Members(name => name switch
        {
            "metadata" => BuiltInSchemas.Metadata,
            "apiVersion" or "kind" => FieldSchema.Whole,
            _ => Member(schema, name),
        });
    }

    private static FieldSchema? Member(JsonObject? schema, string name) =>
        schema.Map("properties", name) is { } known ? Of(known)
        : schema.Map("additionalProperties") is { } others ? Of(others)
        : schema is null || schema.IsTrue("x-kubernetes-preserve-unknown-fields") || schema.IsTrue("additionalProperties")
            ? FieldSchema.Deduced
        : null;

    private static FieldSchema Of(JsonObject schema) => schema.Text("type") switch
    {
        "array" => schema.Text("x-kubernetes-list-type") switch
        {
            "set" => new FieldSchema.ValueSet(),
            "map" => new FieldSchema.Keyed(
                [.. (schema.Items("x-kubernetes-list-map-keys") ?? []).Select(key => key.Text() ?? "")
                    .Select(key => (key, schema.At("items", "properties", key, "default")))],
                schema.Map("items") is { } item ? Of(item) : FieldSchema.Deduced),
            _ => FieldSchema.Whole,
        },
        "object" => schema.Text("x-kubernetes-map-type") == "atomic" ? FieldSchema.Whole
            : new FieldSchema.Members(name => Member(schema, name)),
        null => FieldSchema.Deduced,
        _ => FieldSchema.Whole,
    };
}
