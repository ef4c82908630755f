using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using FaultTolerance.Scenarios.Reading;

namespace FaultTolerance.Scenarios.Plans;

/// <summary>Writes a fault as the record of its kind, with the kind's word beside its members, and reads it again.</summary>
/// <param name="vocabulary">The kinds.</param>
internal sealed class FaultJson(ScenarioVocabulary vocabulary) : JsonConverter<Fault>
{
    private const string KindKey = "kind";

    /// <inheritdoc/>
    public override Fault Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var json = JsonNode.Parse(ref reader) as JsonObject ?? throw new JsonException("a fault is an object");
        var word = json[KindKey] is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";
        var kind = vocabulary.Faults.FirstOrDefault(k => k.Kind == word) ?? throw new JsonException($"'{word}' is no kind of fault");
        json.Remove(KindKey);
        return (Fault?)json.Deserialize(kind.Record, options) ?? throw new JsonException("a fault is an object");
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Fault value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(value);
        var json = new JsonObject { [KindKey] = value.Kind };
        foreach (var (key, member) in (JsonObject)JsonSerializer.SerializeToNode(value, value.GetType(), options)!)
        {
            json[key] = member?.DeepClone();
        }

        json.WriteTo(writer, options);
    }
}
