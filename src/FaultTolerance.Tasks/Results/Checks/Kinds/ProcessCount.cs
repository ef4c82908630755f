using System.Text.Json.Nodes;
using FaultTolerance.Artefacts.Processes;
using FaultTolerance.Scenarios;
using FaultTolerance.Scenarios.Reading;
using static FaultTolerance.Results.Checks.Finding;

namespace FaultTolerance.Results.Checks.Kinds;

/// <summary>
/// How many living processes with a text in their command line each pod of a service has when the row is collected: as many ranks as
/// before, none left over. Asked for, they are listed by a shell in the pods' main containers.
/// </summary>
internal sealed class ProcessCount : ICheck
{
    private const int Most = 100_000;

    public string Key => "processes";

    public CheckNeed Needs => CheckNeed.Processes;

    public string UnknownWhen => "a pod's processes could not be listed, or are its node's too";

    public JsonObject Schema => JsonNode.Parse(
        $$"""
        {
          "type": "array", "minItems": 1,
          "description": "Living processes with a text in their command line that each pod of a service has after the load.",
          "items": {
            "type": "object", "additionalProperties": false, "required": ["process", "count"],
            "properties": {
              "service": { "type": "string", "minLength": 1, "default": "*", "description": "Services by name or glob." },
              "process": { "type": "string", "minLength": 1, "description": "Substring of the command line." },
              "count": { "type": "integer", "minimum": 0, "maximum": {{Most}}, "description": "Processes of each pod, exactly." }
            }
          }
        }
        """)!.AsObject();

    public IEnumerable<CheckSpec> Read(ObjectReader item) => item.Objects(Key).Select(One);

    public bool IsWhole(CheckSpec check) => check is { Service: not null, Subject: not null, AtLeast: not null, AtMost: not null };

    public string Asked(CheckSpec check) => $"{Number(check.AtMost)} processes '{check.Subject}' in each pod of {check.Service}";

    public Finding Judge(ScenarioResult row, CheckSpec check)
    {
        var files = PodFiles.Of(row, check.Service!, _ => true, $"*{PodProcesses.Ending}");
        if (files.Count == 0)
        {
            return Unknown($"no list of processes of {check.Service} was collected");
        }

        try
        {
            PodProcesses[] pods = [.. files.Select(PodProcesses.Read)];
            if (Array.Find(pods, pod => pod.Shared) is { } shared)
            {
                return Unknown($"{shared.Pod} sees the processes of its node");
            }

            int Count(PodProcesses pod) =>
                pod.All.Count(process => process.IsAlive && process.Command.Contains(check.Subject!, StringComparison.Ordinal));
            return Array.Find(pods, pod => Count(pod) < check.AtLeast || Count(pod) > check.AtMost) is { } wrong
                ? Of(false, $"{Count(wrong)} in {wrong.Pod}", wrong.File)
                : Of(true, $"{Number(check.AtMost)} in each of {pods.Length} pods", pods[0].File);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Unknown($"a list of processes cannot be read: {error.Message}");
        }
    }

    private CheckSpec One(ObjectReader item)
    {
        var (service, process, count) =
            (item.Text("service") ?? "*", item.Text("process", required: true), item.Int("count", 0, 0, Most));
        if (!item.Has("count"))
        {
            item.Fault(ScenarioCodes.Missing, "", $"a check of {Key} needs 'count'", 0);
        }

        item.End();
        return new CheckSpec(Key) { Service = service, Subject = process, AtLeast = count, AtMost = count };
    }
}
