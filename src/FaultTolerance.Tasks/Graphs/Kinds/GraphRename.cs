using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace FaultTolerance.Graphs.Kinds;

/// <summary>
/// Puts a graph's name in the cluster in the place of its manifest's: in names, labels, selectors, references, namespaces, and where a host
/// name of one of its Services stands in a variable, a configuration or an address. Images, commands, arguments and paths are left as they
/// are: a graph that is called <c>vllm</c> runs the program <c>vllm</c> all the same. An argument that names one of the Services is told
/// (<see cref="Missed"/>).
/// </summary>
/// <param name="original">The manifest's name for the graph.</param>
/// <param name="name">Its name in the cluster.</param>
/// <param name="services">Names of the manifest's Services.</param>
internal sealed class GraphRename(string original, string name, IReadOnlySet<string> services)
{
    private static readonly HashSet<string> Named = new(StringComparer.Ordinal)
    {
        "metadata",
        "configMapRef",
        "configMapKeyRef",
        "secretRef",
        "secretKeyRef",
        "configMap",
        "roleRef",
        "subjects",
        "imagePullSecrets",
        "service",
        "secret",
    };

    private static readonly HashSet<string> References = new(StringComparer.Ordinal)
    {
        "serviceAccountName", "serviceAccount", "serviceName", "claimName", "secretName", "namespace", "hostname", "subdomain", "host",
    };

    private static readonly HashSet<string> Selections = new(StringComparer.Ordinal) { "labels", "matchLabels", "selector", "podSelector" };

    /// <summary>A copy with the name in it.</summary>
    public JsonObject Apply(JsonObject body) => Map(body, "");

    /// <summary>The Service whose host name an argument holds, and which will have another name; null where it holds none.</summary>
    public string? Missed(string argument) =>
        services.Where(service => Prefix(service) != service).OrderByDescending(service => service.Length).FirstOrDefault(service =>
            (argument == service && service != original)
            || Regex.IsMatch(
                argument,
                $@"((://|@){Regex.Escape(service)}(?=$|[:/?#.])|(?<=^|[\s,;=]){Regex.Escape(service)}(?=:[0-9]|\.[a-z0-9-]+\.svc\b))",
                RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
                TimeSpan.FromSeconds(1)
            )
        );

    private JsonObject Map(JsonObject map, string holder)
    {
        var made = new JsonObject();
        foreach (var (key, value) in map)
        {
            made[key] = Node(value, key, holder);
        }

        return made;
    }

    private JsonNode? Node(JsonNode? node, string key, string holder) => node switch
    {
        JsonObject map => Map(map, key),
        JsonArray list => new JsonArray([.. list.Select(item => Item(item, key))]),
        JsonValue value when value.TryGetValue<string>(out var text) => Text(text, key, holder),
        _ => node?.DeepClone(),
    };

    private JsonNode? Item(JsonNode? item, string key) => item switch
    {
        JsonObject map => Map(map, key),
        JsonValue value when value.TryGetValue<string>(out var text) => key switch
        {
            "values" => Prefix(text),
            "command" or "args" => text,
            _ => InAddresses(text),
        },
        _ => item?.DeepClone(),
    };

    private string Text(string text, string key, string holder)
    {
        if (Selections.Contains(holder) || References.Contains(key) || (key == "name" && Named.Contains(holder)))
        {
            return Prefix(text);
        }

        return holder switch
        {
            "env" when key == "value" => InVariable(text),
            "data" => InAddresses(text),
            _ => text,
        };
    }

    // The whole name, or what begins with it: my-llm, my-llm-decode.
    private string Prefix(string text) =>
        text == original ? name : text.StartsWith($"{original}-", StringComparison.Ordinal) ? $"{name}{text[original.Length..]}" : text;

    private string InVariable(string text)
    {
        // A selector written as text, as STANDIN_WORKER_SELECTOR has it.
        var selector = Regex.Replace(
            text,
            $"(?<={Regex.Escape(GraphLabels.Graph)}={{1,2}}){Regex.Escape(original)}(?![A-Za-z0-9_.-])",
            Escaped(name),
            RegexOptions.CultureInvariant,
            TimeSpan.FromSeconds(1)
        );
        return services.Aggregate(InAddresses(selector), (current, service) =>
            Regex.Replace(
                current,
                $"(?<=^|[,;]){Regex.Escape(service)}(?=$|[:.,;])",
                Escaped(Prefix(service)),
                RegexOptions.CultureInvariant,
                TimeSpan.FromSeconds(1)
            )
        );
    }

    // http://my-llm-frontend:8000/v1, user@my-llm-frontend.
    private string InAddresses(string text) =>
        Regex.Replace(
            text,
            $"(?<=://|://[^/\\s]*@){Regex.Escape(original)}(?=$|[^A-Za-z0-9_])",
            Escaped(name),
            RegexOptions.CultureInvariant,
            TimeSpan.FromSeconds(1)
        );

    private static string Escaped(string replacement) => replacement.Replace("$", "$$", StringComparison.Ordinal);
}
