using System.Text.Json.Nodes;

namespace FaultTolerance.StandIn.Operator;

/// <summary>
/// The operator's own probes, times in seconds. Upstream's frontend readiness was an exec of curl and jq in September 2025; here it is the
/// same question as an HTTP probe, since a stand-in image has neither.
/// </summary>
internal static class Probes
{
    /// <summary>The probes of September 2025, or those of <paramref name="today"/>.</summary>
    public static IEnumerable<(string Name, JsonObject Probe)> Of(ServiceSpec service, bool today) => (service.IsFrontend, today) switch
    {
        _ when service.Type == "epp" => [],
        (true, false) =>
        [
            ("livenessProbe", Http("/live", PodTemplate.HttpPort, initial: 60, period: 60, timeout: 30, failures: 10)),
            ("readinessProbe", Http("/health", PodTemplate.HttpPort, initial: 60, period: 60, timeout: 30, failures: 10)),
        ],
        (true, true) =>
        [
            ("livenessProbe", Http("/live", PodTemplate.HttpPort, initial: 15, period: 10, timeout: 1, failures: 3)),
            ("readinessProbe", Http("/health", PodTemplate.HttpPort, initial: 10, period: 10, timeout: 3, failures: 3)),
        ],
        (false, false) =>
        [
            ("livenessProbe", Http("/live", PodTemplate.SystemPort, initial: 0, period: 5, timeout: 30, failures: 1)),
            ("readinessProbe", Http("/health", PodTemplate.SystemPort, initial: 0, period: 10, timeout: 30, failures: 3)),
            ("startupProbe", Http("/live", PodTemplate.SystemPort, initial: 0, period: 10, timeout: 5, failures: 720)),
        ],
        (false, true) =>
        [
            ("livenessProbe", Http("/live", PodTemplate.SystemPort, initial: 0, period: 5, timeout: 4, failures: 1)),
            ("readinessProbe", Http("/health", PodTemplate.SystemPort, initial: 0, period: 10, timeout: 4, failures: 3)),
            ("startupProbe", Http("/live", PodTemplate.SystemPort, initial: 0, period: 10, timeout: 5, failures: 720)),
        ],
    };

    private static JsonObject Http(string path, int port, int initial, int period, int timeout, int failures) => new()
    {
        ["httpGet"] = new JsonObject { ["path"] = path, ["port"] = port },
        ["initialDelaySeconds"] = initial,
        ["periodSeconds"] = period,
        ["timeoutSeconds"] = timeout,
        ["failureThreshold"] = failures,
    };
}
