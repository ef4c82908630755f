using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Controllers;
using FaultTolerance.LocalCluster.Storage;

namespace FaultTolerance.LocalCluster.Kubelet;

/// <summary>A container's configuration names something that is not there or not supported.</summary>
internal sealed class ContainerConfigException(string message) : Exception(message);

/// <summary>
/// A container's environment: the image's, then the pod's (<c>envFrom</c>, <c>env</c> with downward API, config maps and
/// secrets), then what every container gets. Nothing of the machine's environment goes in but DOTNET_ROOT, without
/// which a .NET program does not find a runtime outside the default folder.
/// </summary>
/// <param name="store">Config maps and secrets.</param>
/// <param name="options">Where the API server is.</param>
internal sealed class ContainerEnvironment(IObjectStore store, KubeletOptions options)
{
    /// <summary>Builds it.</summary>
    /// <exception cref="ContainerConfigException">A reference leads nowhere, or is of a kind that is not supported.</exception>
    public Dictionary<string, string> Build(JsonObject pod, JsonObject container, ImageFolder image, string podIp)
    {
        var port = options.ApiServerPort.ToString(CultureInfo.InvariantCulture);
        var result = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["PATH"] = image.Path,
            ["HOME"] = Environment.GetEnvironmentVariable("HOME") is { Length: > 0 } home ? home : "/",
            ["HOSTNAME"] = pod.Text("spec", "hostname") ?? pod.Name(),
            ["KUBERNETES_SERVICE_HOST"] = options.ApiServerHost,
            ["KUBERNETES_SERVICE_PORT"] = port,
            ["KUBERNETES_SERVICE_PORT_HTTPS"] = port,
        };
        if (Environment.GetEnvironmentVariable("DOTNET_ROOT") is { Length: > 0 } dotnet)
        {
            result["DOTNET_ROOT"] = dotnet;
        }

        if (pod.At("spec", "enableServiceLinks")?.GetValueKind() is not System.Text.Json.JsonValueKind.False)
        {
            ServiceVariables.Add(result, store.List(Resources.Services, pod.Namespace()).Items);
        }

        foreach (var (key, value) in image.Environment)
        {
            result[key] = value;
        }

        foreach (var source in container.Maps("envFrom"))
        {
            AddAll(result, pod.Namespace(), source);
        }

        foreach (var variable in container.Maps("env"))
        {
            var name = variable.Text("name") ?? "";
            if (variable["valueFrom"] is JsonObject from)
            {
                if (Resolve(pod, from, podIp) is { } value)
                {
                    result[name] = value;
                }
            }
            else
            {
                result[name] = Expand(variable.Text("value") ?? "", result);
            }
        }

        return result;
    }

    /// <summary>Replaces <c>$(NAME)</c> by the variable's value; unknown names stay as they are, <c>$$</c> is a dollar sign.</summary>
    public static string Expand(string text, IReadOnlyDictionary<string, string> variables)
    {
        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '$' && i + 1 < text.Length)
            {
                if (text[i + 1] == '$')
                {
                    result.Append('$');
                    i++;
                    continue;
                }

                if (text[i + 1] == '(' && text.IndexOf(')', i + 2) is var end and > 0)
                {
                    result.Append(variables.TryGetValue(text[(i + 2)..end], out var value) ? value : text[i..(end + 1)]);
                    i = end;
                    continue;
                }
            }

            result.Append(text[i]);
        }

        return result.ToString();
    }

    /// <summary>A key's values of a config map or a secret, decoded.</summary>
    public static Dictionary<string, byte[]> Data(JsonObject o, bool secret)
    {
        var data = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var (key, value) in o.Pairs("data"))
        {
            data[key] = secret ? Convert.FromBase64String(value) : Encoding.UTF8.GetBytes(value);
        }

        foreach (var (key, value) in o.Pairs("binaryData"))
        {
            data[key] = Convert.FromBase64String(value);
        }

        foreach (var (key, value) in o.Pairs("stringData"))
        {
            data[key] = Encoding.UTF8.GetBytes(value);
        }

        return data;
    }

    /// <summary>The value of a <c>fieldRef</c>.</summary>
    /// <exception cref="ContainerConfigException">The field is not one that the downward API offers.</exception>
    public static string Field(JsonObject pod, string path, string podIp) => path switch
    {
        "metadata.name" => pod.Name(),
        "metadata.namespace" => pod.Namespace(),
        "metadata.uid" => pod.Uid(),
        "spec.nodeName" => pod.Text("spec", "nodeName") ?? "",
        "spec.serviceAccountName" => pod.Text("spec", "serviceAccountName") ?? "default",
        "status.podIP" or "status.podIPs" => podIp,
        "status.hostIP" or "status.hostIPs" => "127.0.0.1",
        _ when Keyed(path, "metadata.labels") is { } label => pod.Text("metadata", "labels", label) ?? "",
        _ when Keyed(path, "metadata.annotations") is { } annotation => pod.Text("metadata", "annotations", annotation) ?? "",
        _ => throw new ContainerConfigException($"fieldPath {path} is not supported"),
    };

    private static string? Keyed(string path, string field) =>
        path.StartsWith(field + "['", StringComparison.Ordinal) && path.EndsWith("']", StringComparison.Ordinal)
            ? path[(field.Length + 2)..^2]
            : null;

    private string? Resolve(JsonObject pod, JsonObject from, string podIp)
    {
        if (from.Text("fieldRef", "fieldPath") is { } path)
        {
            return Field(pod, path, podIp);
        }

        foreach (
            var (member, type) in (ReadOnlySpan<(string, ResourceType)>)
                [("configMapKeyRef", Resources.ConfigMaps), ("secretKeyRef", Resources.Secrets)]
        )
        {
            if (from[member] is JsonObject reference)
            {
                var key = reference.Text("key") ?? "";
                return Load(pod.Namespace(), type, reference) is { } data && data.TryGetValue(key, out var value)
                        ? Encoding.UTF8.GetString(value)
                    : reference.IsTrue("optional") ? null
                    : throw new ContainerConfigException($"couldn't find key {key} in {type} {pod.Namespace()}/{reference.Text("name")}");
            }
        }

        throw new ContainerConfigException(
            $"valueFrom with {string.Join(", ", from.Select(p => p.Key))} is not supported by the local cluster"
        );
    }

    private void AddAll(Dictionary<string, string> result, string ns, JsonObject source)
    {
        var prefix = source.Text("prefix") ?? "";
        foreach (
            var (member, type) in (ReadOnlySpan<(string, ResourceType)>)
                [("configMapRef", Resources.ConfigMaps), ("secretRef", Resources.Secrets)]
        )
        {
            if (source[member] is JsonObject reference && Load(ns, type, reference) is { } data)
            {
                foreach (var (key, value) in data)
                {
                    result[prefix + key] = Encoding.UTF8.GetString(value);
                }
            }
        }
    }

    private Dictionary<string, byte[]>? Load(string ns, ResourceType type, JsonObject reference)
    {
        var name = reference.Text("name") ?? "";
        return store.Get(new ResourceId(type, ns, name)) is { } found
            ? Data(found, type == Resources.Secrets)
            : reference.IsTrue("optional") ? null : throw new ContainerConfigException($"{type.Plural.TrimEnd('s')} \"{name}\" not found");
    }
}
