using System.Collections.Immutable;
using System.Text.Json.Nodes;
using FaultTolerance.Scenarios;
using FaultTolerance.Scenarios.Reading;

namespace FaultTolerance.Results.Checks.Kinds;

/// <summary>A log of the service holds a text, or none does.</summary>
internal sealed class LogCheck : ICheck
{
    private const string Contains = "logContains";
    private const string ContainsNot = "logContainsNot";

    public string Key => "logs";

    public ImmutableArray<string> Kinds => [Contains, ContainsNot];

    public string UnknownWhen => "no log was collected";

    public JsonObject Schema => JsonNode.Parse("""
        {
          "type": "array", "minItems": 1, "description": "A log of the service contains a text, or none does (containsNot).",
          "items": {
            "type": "object", "additionalProperties": false,
            "oneOf": [{ "required": ["contains"] }, { "required": ["containsNot"] }],
            "properties": {
              "service": { "type": "string", "minLength": 1, "default": "*", "description": "Services by name or glob." },
              "contains": { "type": "string", "minLength": 1 },
              "containsNot": { "type": "string", "minLength": 1 }
            }
          }
        }
        """)!.AsObject();

    public IEnumerable<CheckSpec> Read(ObjectReader item) => item.Objects(Key).Select(One);

    public bool IsWhole(CheckSpec check) => check is { Service: not null, Subject: not null };

    public string Asked(CheckSpec check) => $"{(check.Kind == Contains ? "a" : "no")} log of {check.Service} contains '{check.Subject}'";

    public Finding Judge(ScenarioResult row, CheckSpec check)
    {
        var wanted = check.Kind == Contains;
        var files = PodFiles.Of(row, check.Service!, file =>
            file.EndsWith(".log", StringComparison.Ordinal) && !file.Contains(".metrics.", StringComparison.Ordinal)
        );
        if (files.Count == 0)
        {
            return Finding.Unknown($"no log of {check.Service} was collected");
        }

        try
        {
            foreach (var file in files)
            {
                var number = 0;
                foreach (var line in File.ReadLines(file))
                {
                    number++;
                    if (line.Contains(check.Subject!, StringComparison.Ordinal))
                    {
                        return Finding.Of(wanted, $"line {number} of {Path.GetFileName(file)}", file);
                    }
                }
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Finding.Unknown($"a log cannot be read: {error.Message}");
        }

        return Finding.Of(!wanted, $"in none of {files.Count} logs");
    }

    private static CheckSpec One(ObjectReader item)
    {
        var (service, holds, lacks) = (item.Text("service") ?? "*", item.Text("contains"), item.Text("containsNot"));
        item.End();
        if (holds is null == lacks is null)
        {
            item.Fault(ScenarioCodes.Missing, "", "a check of logs needs either 'contains' or 'containsNot'", 0);
        }

        return new CheckSpec(holds is null ? ContainsNot : Contains) { Service = service, Subject = holds ?? lacks };
    }
}
