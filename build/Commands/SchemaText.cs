using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using FaultMatrix.Build.Model;

namespace FaultMatrix.Build.Commands;

/// <summary>
/// The schema that NUKE's global tool completes from: draft 04, definitions for host, targets, verbosity, each enum and the
/// built-in parameters, then ours. Only secrets have a default: the tool takes whatever has one for a secret.
/// </summary>
internal static class SchemaText
{
    public static string Of(Declarations declarations)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("$schema", "http://json-schema.org/draft-04/schema#");
            json.WriteStartObject("definitions");
            Enumeration(json, "Host", HostNames.All);
            Enumeration(json, "ExecutableTarget", declarations.Targets.Select(t => t.Name).Order(StringComparer.Ordinal));
            Enumeration(json, "Verbosity", ["Verbose", "Normal", "Minimal", "Quiet"]);
            foreach (var parameter in declarations.AllParameters.Where(p => p.Type == ParameterType.Enum
                && p.Name is not ("Host" or "Verbosity" or "Plan")).OrderBy(p => p.Name, StringComparer.Ordinal))
            {
                Enumeration(json, parameter.Name, parameter.Values);
            }

            json.WriteStartObject("NukeBuild");
            Properties(json, BuiltIns.Parameters.Where(p => !p.Hidden));
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteStartArray("allOf");
            json.WriteStartObject();
            Properties(json, declarations.Parameters);
            json.WriteEndObject();
            json.WriteStartObject();
            json.WriteString("$ref", "#/definitions/NukeBuild");
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray()).ReplaceLineEndings("\n") + "\n";
    }

    private static void Enumeration(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartObject(name);
        json.WriteString("type", "string");
        json.WriteStartArray("enum");
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Properties(Utf8JsonWriter json, IEnumerable<ParameterDefinition> parameters)
    {
        json.WriteStartObject("properties");
        foreach (var parameter in parameters.OrderBy(p => p.Name, StringComparer.Ordinal))
        {
            json.WriteStartObject(parameter.Name);
            Shape(json, parameter);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void Shape(Utf8JsonWriter json, ParameterDefinition parameter)
    {
        // NUKE's own Plan is a flag; ours takes a form as well.
        var isFlag = parameter.Type == ParameterType.Bool || parameter.Name == "Plan";
        if (parameter.Type == ParameterType.Int)
        {
            // Without a value it is null, as NUKE's int? is.
            json.WriteStartArray("type");
            json.WriteStringValue("integer");
            json.WriteStringValue("null");
            json.WriteEndArray();
        }
        else if (isFlag || parameter.Type != ParameterType.Enum)
        {
            json.WriteString("type", isFlag ? "boolean" : parameter.Type == ParameterType.StringArray ? "array" : "string");
        }

        json.WriteString("description", parameter.Description.TrimEnd('.'));
        switch (parameter)
        {
            case { Type: ParameterType.Enum } when !isFlag:
                json.WriteString("$ref", $"#/definitions/{parameter.Name}");
                break;
            case { Type: ParameterType.Int }:
                json.WriteString("format", "int32");
                break;
            case { Type: ParameterType.StringArray }:
                json.WriteStartObject("items");
                if (parameter.Name is "Target" or "Skip")
                {
                    json.WriteString("$ref", "#/definitions/ExecutableTarget");
                }
                else
                {
                    json.WriteString("type", "string");
                }

                json.WriteEndObject();
                break;
        }

        if (parameter.Secret)
        {
            json.WriteString("default", "Secrets come from the environment");
        }
    }
}
