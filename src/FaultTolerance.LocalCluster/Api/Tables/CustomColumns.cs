using System.Text.Json;
using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Storage;

namespace FaultTolerance.LocalCluster.Api.Tables;

/// <summary>Columns of custom resources: additionalPrinterColumns, else the age.</summary>
internal static class CustomColumns
{
    /// <summary>The age of an object.</summary>
    public static Column AgeColumn { get; } =
        new("Age", "string", 0, (value, now) => Age.Since(value.Text("metadata", "creationTimestamp"), now));

    /// <summary>The columns after the name.</summary>
    public static IReadOnlyList<Column> Of(JsonObject version)
    {
        var declared = version.Maps("additionalPrinterColumns").ToList();
        return declared.Count == 0 ? [AgeColumn] : [.. declared.Select(Declared)];
    }

    private static Column Declared(JsonObject column)
    {
        var type = column.Text("type") ?? "string";
        var path = new SimpleJsonPath(column.Text("jsonPath") ?? "");
        return new(column.Text("name") ?? "", type, (int)(column.Number("priority") ?? 0), (value, now) =>
        {
            var found = path.Find(value);
            return type == "date" ? (found.Text() is { } stamp ? Age.Since(stamp, now) : null)
                : type == "string" && found is not null && found.GetValueKind() != JsonValueKind.String ? found.ToJsonString()
                : found?.DeepClone();
        });
    }
}
