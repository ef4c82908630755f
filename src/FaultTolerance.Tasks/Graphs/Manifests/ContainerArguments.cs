using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace FaultTolerance.Graphs.Manifests;

/// <summary>
/// Options of a container's command line. One that is there gets the new value in its place; another comes at the end. Where the command
/// is a shell's (<c>sh -c</c>) both is done in its script. What else is there stays as written.
/// </summary>
internal static class ContainerArguments
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    /// <summary>Sets options, each with the values that follow it: <c>--max-model-len 1024 --enable-x</c>.</summary>
    public static void Set(JsonObject container, IReadOnlyList<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(container);
        ArgumentNullException.ThrowIfNull(arguments);
        foreach (var option in Options(arguments))
        {
            if (ScriptOf(container) is var (list, index))
            {
                list[index] = InScript(list[index]!.GetValue<string>(), option);
            }
            else if (!Lists(container).Any(there => Replace(there, option)))
            {
                var args = ContainerEdits.Array(container, "args");
                option.ForEach(word => args.Add((JsonNode)word));
            }
        }
    }

    /// <summary>The script of a shell's command: the list that it is in, and its place there; null for any other command.</summary>
    public static (JsonArray List, int Index)? ScriptOf(JsonObject container)
    {
        ArgumentNullException.ThrowIfNull(container);
        var (command, args) = (container["command"] as JsonArray, container["args"] as JsonArray);
        var flag = command?.Select(Text).ToList().FindIndex(word => word is not null && word.StartsWith('-') && word.EndsWith('c')) ?? -1;
        return flag < 1 || !IsShell(Text(command![0])) ? null
            : flag + 1 < command.Count && Text(command[flag + 1]) is not null ? (command, flag + 1)
            : args is { Count: > 0 } && Text(args[0]) is not null ? (args, 0)
            : null;
    }

    private static bool IsShell(string? program) => Path.GetFileName(program) is "sh" or "bash" or "ash" or "dash" or "zsh" or "ksh";

    private static IEnumerable<JsonArray> Lists(JsonObject container) =>
        new[] { container["args"], container["command"] }.OfType<JsonArray>();

    private static IEnumerable<List<string>> Options(IReadOnlyList<string> arguments)
    {
        List<string>? option = null;
        foreach (var word in arguments)
        {
            if (option is null || word.StartsWith('-'))
            {
                if (option is not null)
                {
                    yield return option;
                }

                option = [];
            }

            option.Add(word);
        }

        if (option is not null)
        {
            yield return option;
        }
    }

    private static bool Replace(JsonArray list, List<string> option)
    {
        var name = option[0];
        var at = list.Select(Text).ToList()
            .FindIndex(word => word == name || word?.StartsWith($"{name}=", StringComparison.Ordinal) == true);
        if (at < 0 || !name.StartsWith('-'))
        {
            return false;
        }

        // A negative number is a value.
        var isPair = Text(list[at]) == name;
        list.RemoveAt(at);
        while (isPair && at < list.Count && Text(list[at]) is { } value && (!value.StartsWith('-') || double.TryParse(value, out _)))
        {
            list.RemoveAt(at);
        }

        for (var i = 0; i < option.Count; i++)
        {
            list.Insert(at + i, option[i]);
        }

        return true;
    }

    private static string InScript(string script, List<string> option)
    {
        var text = string.Join(' ', option.Select(Quoted));
        var there = new Regex(
            $"""(?<=^|\s){Regex.Escape(option[0])}(?:=|(?:\s+|\s*\\\n\s*)(?=[^-\s;&|]|-\d)|(?=\s|$))(?:"[^"]*"|'[^']*'|(?<=[=\s\n])(?!-\D)[^\s;&|]+)?""",
            RegexOptions.CultureInvariant, Limit);
        return option[0].StartsWith('-') && there.IsMatch(script)
            ? there.Replace(script, text.Replace("$", "$$", StringComparison.Ordinal), 1) : $"{script.TrimEnd()} {text}";
    }

    private static string Quoted(string word) =>
        word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || "-_./:=,+@%".Contains(c, StringComparison.Ordinal))
            ? word : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
