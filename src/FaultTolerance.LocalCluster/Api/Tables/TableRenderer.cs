using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Api.Http;
using FaultTolerance.LocalCluster.Api.Resources;
using FaultTolerance.LocalCluster.Storage;

namespace FaultTolerance.LocalCluster.Api.Tables;

/// <summary>Renders meta.k8s.io/v1 Tables, what <c>kubectl get</c> prints.</summary>
/// <param name="time">Ages are told as of now.</param>
internal sealed class TableRenderer(TimeProvider time)
{
    private static readonly Column Name = new("Name", "string", 0, (value, _) => value.Name());

    /// <summary>A table of objects; its metadata is for the caller to set.</summary>
    /// <param name="resource">Whose columns are used.</param>
    /// <param name="values">The objects.</param>
    /// <param name="include">None, Metadata (default) or Object: what each row carries of its object.</param>
    public JsonObject Render(Resource resource, IEnumerable<JsonObject> values, string? include)
    {
        if (include is not (null or "None" or "Metadata" or "Object"))
        {
            throw StoreErrors.BadRequest($"unrecognized includeObject value: {include}");
        }

        var now = time.GetUtcNow();
        IReadOnlyList<Column> columns = resource.Definition is { } version ? [Name, .. CustomColumns.Of(version)]
            : resource.Type == ResourceType.Core("events") ? [.. BuiltInColumns.Of(resource.Type), Name with { Priority = 1 }] // nobody knows an event by its name
            : [Name, .. BuiltInColumns.Of(resource.Type)];
        var rows = new JsonArray();
        foreach (var value in values)
        {
            var row = new JsonObject { ["cells"] = new JsonArray([.. columns.Select(column => column.Cell(value, now))]) };
            if (include == "Object")
            {
                row["object"] = resource.Present(value.Copy());
            }
            else if (include is null or "Metadata")
            {
                row["object"] = ListAnswers.PartialMetadata(value);
            }

            rows.Add((JsonNode)row);
        }

        return new()
        {
            ["kind"] = "Table",
            ["apiVersion"] = "meta.k8s.io/v1",
            ["metadata"] = new JsonObject(),
            ["columnDefinitions"] = new JsonArray([.. columns.Select(column => column.Definition())]),
            ["rows"] = rows,
        };
    }
}
