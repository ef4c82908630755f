using System.Globalization;
using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Storage;

namespace FaultTolerance.LocalCluster.Kubelet;

/// <summary>The environment variables by which a container finds the Services of its namespace that are there when it starts.</summary>
internal static class ServiceVariables
{
    /// <summary>
    /// Adds them: <c>NAME_SERVICE_HOST</c>, <c>NAME_SERVICE_PORT</c>, one for each named port, and those of the old container links.
    /// </summary>
    public static void Add(IDictionary<string, string> variables, IEnumerable<JsonObject> services)
    {
        foreach (var service in services)
        {
            if (service.Text("spec", "clusterIP") is { Length: > 0 } address and not "None"
                && service.Maps("spec", "ports").ToList() is { Count: > 0 } ports)
            {
                Add(variables, Name(service.Name()), address, ports);
            }
        }
    }

    private static void Add(IDictionary<string, string> variables, string name, string address, List<JsonObject> ports)
    {
        variables[$"{name}_SERVICE_HOST"] = address;
        variables[$"{name}_SERVICE_PORT"] = Port(ports[0]);
        variables[$"{name}_PORT"] = Url(ports[0], address);
        foreach (var port in ports)
        {
            if (port.Text("name") is { Length: > 0 } text)
            {
                variables[$"{name}_SERVICE_PORT_{Name(text)}"] = Port(port);
            }

            var link = $"{name}_PORT_{Port(port)}_{Protocol(port)}";
            variables[link] = Url(port, address);
            variables[$"{link}_PROTO"] = Protocol(port).ToLowerInvariant();
            variables[$"{link}_PORT"] = Port(port);
            variables[$"{link}_ADDR"] = address;
        }
    }

    private static string Name(string text) => text.ToUpperInvariant().Replace('-', '_');

    private static string Port(JsonObject port) => (port.Number("port") ?? 0).ToString(CultureInfo.InvariantCulture);

    private static string Protocol(JsonObject port) => port.Text("protocol") ?? "TCP";

    private static string Url(JsonObject port, string address) => $"{Protocol(port).ToLowerInvariant()}://{address}:{Port(port)}";
}
