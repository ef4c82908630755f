using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Api.Selection;
using FaultTolerance.LocalCluster.Storage;

namespace FaultTolerance.LocalCluster.Api.Admission;

/// <summary>Rules for what makes pods out of a template.</summary>
internal static class WorkloadValidation
{
    /// <summary>Adds the faults of a deployment and its like.</summary>
    public static void Check(JsonObject value, JsonObject? old, bool hasReplicas, List<string> faults)
    {
        var spec = value.Map("spec");
        if (hasReplicas && spec.Number("replicas") is not >= 0)
        {
            faults.Add("spec.replicas: Invalid value: must be a whole number, 0 or more");
        }

        if (spec.Map("selector") is not { Count: > 0 } selector)
        {
            faults.Add("spec.selector: Required value");
        }
        else
        {
            if (spec.Map("template") is { } template && !LabelSelector.FromSpec(selector).Matches(template))
            {
                faults.Add("spec.template.metadata.labels: Invalid value: `selector` does not match template `labels`");
            }

            if (old is not null && !JsonNode.DeepEquals(old.At("spec", "selector"), selector))
            {
                faults.Add("spec.selector: Invalid value: field is immutable");
            }
        }

        PodValidation.CheckSpec(
            spec.Map("template", "spec"), "spec.template.spec", faults, spec.Maps("volumeClaimTemplates").Select(claim => claim.Name()));
        if (spec.Text("template", "spec", "restartPolicy") is not "Always")
        {
            faults.Add("spec.template.spec.restartPolicy: Unsupported value: supported values: \"Always\"");
        }
    }

    /// <summary>Adds the faults of a job.</summary>
    public static void CheckJob(JsonObject value, JsonObject? old, List<string> faults)
    {
        var spec = value.Map("spec");
        foreach (var name in (string[])["completions", "parallelism", "backoffLimit", "activeDeadlineSeconds", "ttlSecondsAfterFinished"])
        {
            if (spec?[name] is not null && spec.Number(name) is not >= 0)
            {
                faults.Add($"spec.{name}: Invalid value: must be greater than or equal to 0");
            }
        }

        if (spec.Text("completionMode") == "Indexed" && spec.Number("completions") is null)
        {
            faults.Add("spec.completions: Required value: when completion mode is Indexed");
        }

        if (spec.Text("template", "spec", "restartPolicy") is "Always")
        {
            faults.Add("spec.template.spec.restartPolicy: Required value: valid values: \"OnFailure\", \"Never\"");
        }

        if (old is not null && !JsonNode.DeepEquals(old.At("spec", "template"), spec.At("template")))
        {
            faults.Add("spec.template: Invalid value: field is immutable");
        }

        PodValidation.CheckSpec(spec.Map("template", "spec"), "spec.template.spec", faults);
    }
}
