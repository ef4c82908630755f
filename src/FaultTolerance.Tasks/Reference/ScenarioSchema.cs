using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using FaultTolerance.Faults;
using FaultTolerance.Results.Checks;
using FaultTolerance.Scenarios.Reading;

namespace FaultTolerance.Reference;

/// <summary>scenarios.schema.json: its general part is written by hand, what faults and checks say comes from their kinds.</summary>
internal static class ScenarioSchema
{
    private static readonly JsonSerializerOptions Layout = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The schema with the kinds' parts in it.</summary>
    /// <param name="document">The file as it is.</param>
    public static string Text(string? document)
    {
        var schema = JsonNode.Parse(
            document ?? throw new FaultMatrixException("FT0904", "'scenarios.schema.json' is missing; its general part is written by hand")
        )!;
        var definitions = schema["definitions"]!.AsObject();
        definitions["fault"] = FaultSchema.Of(definitions["fault"]!.AsObject(), FaultKinds.Standard.Vocabulary.Faults);
        definitions["check"] = CheckSchema.Of(definitions["check"]!.AsObject(), CheckCatalog.Default.Vocabulary.Checks);
        return schema.ToJsonString(Layout) + "\n";
    }
}
