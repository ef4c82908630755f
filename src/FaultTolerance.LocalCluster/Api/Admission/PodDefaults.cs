using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Storage;

namespace FaultTolerance.LocalCluster.Api.Admission;

/// <summary>What the API server fills in for pods and pod templates, as documented for core/v1.</summary>
internal static class PodDefaults
{
    /// <summary>Defaults of a pod: its spec's, the service account, and the first status.</summary>
    public static void Apply(JsonObject pod)
    {
        var spec = pod.Ensure("spec");
        ApplySpec(spec);
        spec.Default("serviceAccountName", spec.Text("serviceAccount") ?? "default");
        spec.Default("serviceAccount", spec.Text("serviceAccountName")!);
        spec.Default("priority", 0);
        spec.Default("preemptionPolicy", "PreemptLowerPriority");
        var status = pod.Ensure("status");
        status.Default("phase", "Pending");
        status.Default("qosClass", QualityOf(spec));
    }

    /// <summary>Defaults of a pod template.</summary>
    public static void ApplyTemplate(JsonObject template)
    {
        ApplySpec(template.Ensure("spec"));
    }

    private static void ApplySpec(JsonObject spec)
    {
        spec.Default("restartPolicy", "Always");
        spec.Default("terminationGracePeriodSeconds", 30);
        spec.Default("dnsPolicy", "ClusterFirst");
        spec.Default("securityContext", new JsonObject());
        spec.Default("schedulerName", "default-scheduler");
        spec.Default("enableServiceLinks", true);
        foreach (var container in spec.Maps("containers").Concat(spec.Maps("initContainers")))
        {
            ApplyContainer(container);
        }

        foreach (var volume in spec.Maps("volumes"))
        {
            foreach (var kind in (string[])["configMap", "secret", "downwardAPI", "projected"])
            {
                volume.Map(kind)?.Default("defaultMode", 420);
            }

            if (volume.Count == 1)
            {
                volume["emptyDir"] = new JsonObject();
            }
        }
    }

    private static void ApplyContainer(JsonObject container)
    {
        var image = container.Text("image") ?? "";
        var tag = image[(image.LastIndexOf('/') + 1)..];
        var floating = !tag.Contains('@', StringComparison.Ordinal)
            && (!tag.Contains(':', StringComparison.Ordinal) || tag.EndsWith(":latest", StringComparison.Ordinal));
        container.Default("imagePullPolicy", floating ? "Always" : "IfNotPresent");
        container.Default("resources", new JsonObject());
        container.Default("terminationMessagePath", "/dev/termination-log");
        container.Default("terminationMessagePolicy", "File");
        foreach (var port in container.Maps("ports"))
        {
            port.Default("protocol", "TCP");
        }

        foreach (var reference in container.Maps("env").Select(variable => variable.Map("valueFrom", "fieldRef")))
        {
            reference?.Default("apiVersion", "v1");
        }

        foreach (var name in (string[])["livenessProbe", "readinessProbe", "startupProbe"])
        {
            if (container.Map(name) is { } probe)
            {
                ApplyProbe(probe);
            }
        }

        foreach (var hook in (string[])["postStart", "preStop"])
        {
            container.Map("lifecycle", hook, "httpGet")?.Default("scheme", "HTTP");
        }
    }

    private static void ApplyProbe(JsonObject probe)
    {
        probe.Default("timeoutSeconds", 1);
        probe.Default("periodSeconds", 10);
        probe.Default("successThreshold", 1);
        probe.Default("failureThreshold", 3);
        if (probe.Map("httpGet") is { } get)
        {
            get.Default("path", "/");
            get.Default("scheme", "HTTP");
        }
    }

    private static string QualityOf(JsonObject spec)
    {
        var resources = spec.Maps("containers").Select(container => container.Map("resources")).ToList();
        if (resources.TrueForAll(entry => entry.Map("limits") is not { Count: > 0 } && entry.Map("requests") is not { Count: > 0 }))
        {
            return "BestEffort";
        }

        return resources.TrueForAll(entry =>
            ((string[])["cpu", "memory"]).All(name =>
                entry.At("limits", name) is { } limit
                && (entry.At("requests", name) is not { } request || JsonNode.DeepEquals(limit, request))
            )
        )
            ? "Guaranteed"
            : "Burstable";
    }
}
