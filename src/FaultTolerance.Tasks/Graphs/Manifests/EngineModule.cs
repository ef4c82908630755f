using System.Text.Json.Nodes;

namespace FaultTolerance.Graphs.Manifests;

/// <summary>
/// Which program a container runs, by its command and arguments: the module of <c>python3 -m</c>, else the program's name.
/// </summary>
internal static class EngineModule
{
    private static readonly string[] Engines = ["vllm", "sglang", "trtllm", "mocker"];
    private static readonly char[] Blanks = [' ', '\t', '\r', '\n', '\\', '"', '\''];
    private static readonly string[] Wrappers = ["sh", "bash", "ash", "dash", "exec", "tini", "env", "dumb-init", "--", "-c", "-g"];

    /// <summary>Words of names that an engine gives its own processes, with the engine.</summary>
    private static readonly (string Word, string Engine)[] Processes =
    [
        ("VLLM::", "vllm"), ("dynamo.vllm", "vllm"),
        ("sglang::", "sglang"), ("dynamo.sglang", "sglang"),
        ("TRTLLM:", "trtllm"), ("dynamo.trtllm", "trtllm"),
        ("dynamo.mocker", "mocker"),
    ];

    /// <summary>The words of a container's command and arguments; those of <c>sh -c</c> apart.</summary>
    public static IReadOnlyList<string> Words(JsonObject container)
    {
        ArgumentNullException.ThrowIfNull(container);
        return Words(Texts(container["command"]), Texts(container["args"]));
    }

    /// <summary>The same of lists.</summary>
    public static IReadOnlyList<string> Words(IEnumerable<string>? command, IEnumerable<string>? arguments) =>
        [.. (command ?? []).Concat(arguments ?? []).SelectMany(text => text.Split(Blanks, StringSplitOptions.RemoveEmptyEntries))];

    /// <summary>The module, else the program without its folder; null where there is none of both.</summary>
    public static string? Of(IReadOnlyList<string> words)
    {
        ArgumentNullException.ThrowIfNull(words);
        for (var i = 0; i + 1 < words.Count; i++)
        {
            if (words[i] == "-m")
            {
                return words[i + 1];
            }
        }

        var program = words.FirstOrDefault(word => !Wrappers.Contains(Path.GetFileName(word), StringComparer.Ordinal)
            && !word.StartsWith('-'));
        return program is null ? null : Path.GetFileName(program);
    }

    /// <summary>
    /// The engine of a module or program: <c>vllm</c>, <c>sglang</c>, <c>trtllm</c>, <c>mocker</c>; null for none of them.
    /// </summary>
    public static string? EngineOf(string? module) =>
        module is null ? null : Engines.FirstOrDefault(engine => module.Contains(engine, StringComparison.OrdinalIgnoreCase));

    /// <summary>The engine whose process a pattern names; null where it is no engine's own.</summary>
    public static string? EngineOfProcess(string pattern)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        return Processes.FirstOrDefault(known => pattern.Contains(known.Word, StringComparison.Ordinal)).Engine;
    }

    private static IEnumerable<string> Texts(JsonNode? node) => (node as JsonArray ?? []).OfType<JsonValue>()
        .Select(value => value.TryGetValue<string>(out var text) ? text : value.ToJsonString());
}
