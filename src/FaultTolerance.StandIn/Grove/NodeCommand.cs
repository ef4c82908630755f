using System.Text.Json.Nodes;
using FaultTolerance.StandIn.Operator;

namespace FaultTolerance.StandIn.Grove;

/// <summary>
/// What the Dynamo operator adds to the command of an engine of several nodes: the number of nodes and each node's rank. A worker's rank is
/// its pod's index and one more, which only a shell can add; it takes no requests, and has no probes.
/// </summary>
internal static class NodeCommand
{
    /// <summary>The first node's template; the given one is changed.</summary>
    public static JsonObject Leader(JsonObject template, long nodes) => With(template, $"--nnodes {nodes} --node-rank 0", shell: false);

    /// <summary>Another node's template; the given one is changed.</summary>
    public static JsonObject Worker(JsonObject template, long nodes)
    {
        foreach (var probe in (string[])["livenessProbe", "readinessProbe", "startupProbe"])
        {
            MainOf(template).Remove(probe);
        }

        return With(template, $"--nnodes {nodes} --node-rank $((GROVE_PCLQ_POD_INDEX + 1)) --headless", shell: true);
    }

    private static JsonObject With(JsonObject template, string options, bool shell)
    {
        var main = MainOf(template);
        var command = Words(main["command"]);
        var arguments = Words(main["args"]);
        if (ScriptAt(command, arguments) is { } script)
        {
            // sh -c "text": the text goes on.
            script.List[script.Index] += $" {options}";
        }
        else if (shell)
        {
            var words = command.Concat(arguments).Select(Quoted);
            command = ["sh", "-c"];
            arguments = [$"exec {string.Join(' ', words)} {options}"];
        }
        else
        {
            arguments.AddRange(options.Split(' '));
        }

        main["command"] = new JsonArray([.. command.Select(word => JsonValue.Create(word))]);
        main["args"] = new JsonArray([.. arguments.Select(word => JsonValue.Create(word))]);
        return template;
    }

    private static JsonObject MainOf(JsonObject template) =>
        (template.At("spec", "containers").Array() ?? []).OfType<JsonObject>().First(container => container["name"].Text() is "main" or "engine-0");

    private static List<string> Words(JsonNode? list) => [.. (list.Array() ?? []).Select(word => word.Text() ?? "")];

    private static (List<string> List, int Index)? ScriptAt(List<string> command, List<string> arguments)
    {
        if (command is not [var program, ..] || !(program is "sh" or "bash" || program.EndsWith("/sh", StringComparison.Ordinal)
            || program.EndsWith("/bash", StringComparison.Ordinal)))
        {
            return null;
        }

        return command.IndexOf("-c") is > 0 and var at && at + 1 < command.Count ? (command, at + 1)
            : command[^1] == "-c" && arguments.Count > 0 ? (arguments, 0)
            : arguments.IndexOf("-c") is >= 0 and var inArguments && inArguments + 1 < arguments.Count ? (arguments, inArguments + 1)
            : null;
    }

    // The kubelet puts $(NAME) in before the shell sees it, also within quotes.
    private static string Quoted(string word) =>
        word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '/' or ':' or '=' or ',' or '@')
            ? word
            : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
