using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FaultTolerance.LocalCluster.Storage;

namespace FaultTolerance.LocalCluster.Api.Tables;

/// <summary>
/// The JSON paths that printer columns use: members (<c>.a.b</c>, <c>.a['b.c']</c>, with dots escaped as <c>\.</c>), indices
/// (<c>[0]</c>) and one equality (<c>[?(@.type=="Ready")]</c>). Any other path finds nothing.
/// </summary>
internal sealed partial class SimpleJsonPath(string path)
{
    private readonly Match[] _steps = [.. Step().Matches(path).Cast<Match>()];
    private readonly bool _understood = Step().Replace(path, "").Length == 0;

    /// <summary>What stands there, or null.</summary>
    public JsonNode? Find(JsonNode? node)
    {
        if (!_understood)
        {
            return null;
        }

        foreach (var step in _steps)
        {
            node = step.Groups["member"] is { Success: true } member
                ? node.At(member.Value.Replace("\\.", ".", StringComparison.Ordinal))
                : step.Groups["index"] is { Success: true } index
                    ? (node as JsonArray)?.ElementAtOrDefault(int.Parse(index.Value))
                    : (node as JsonArray)?.FirstOrDefault(item => item.Text(step.Groups["key"].Value) == step.Groups["value"].Value);
        }

        return node;
    }

    [GeneratedRegex(
        """\.(?<member>(\\\.|[A-Za-z0-9_/-])+)|\['(?<member>[^']+)'\]|\[(?<index>\d+)\]|\[\?\(@\.(?<key>\w+)\s*==\s*["'](?<value>[^"']*)["']\)\]""",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Step();
}
