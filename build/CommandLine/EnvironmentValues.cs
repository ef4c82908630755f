using FaultMatrix.Build.Model;

namespace FaultMatrix.Build.CommandLine;

/// <summary>
/// Values from environment variables: the exact name first, else letters and digits compared without case, bare or prefixed with
/// NUKE. Two candidates: a warning, and none is taken. An empty variable counts as none, since CI systems write an input that nobody
/// filled in so;
/// an empty list does not, since it would select everything.
/// </summary>
internal static class EnvironmentValues
{
    private static readonly char[] Separators = [';', ',', ' ', '\t', '\n'];

    public static (IReadOnlyList<string> Words, string Variable)? Find(
        ParameterDefinition parameter, IReadOnlyDictionary<string, string> environment, List<string> warnings)
    {
        var key = Names.EnvironmentKey(parameter.Name);
        if (!parameter.PrefixedOnly && environment.TryGetValue(parameter.Name, out var exact) && exact.Length > 0)
        {
            return (Split(parameter, exact), parameter.Name);
        }

        var candidates = environment.Where(e => e.Value.Length > 0
            || (parameter.Type == ParameterType.StringArray && !parameter.BuiltIn)).Select(e => e.Key)
            .Where(name => Names.EnvironmentKey(name) is var k && (k == "nuke" + key || (!parameter.PrefixedOnly && k == key)))
            .Order(StringComparer.Ordinal).ToList();
        if (candidates.Count > 1)
        {
            warnings.Add($"{parameter.Name} could come from {string.Join(" or ", candidates)}; none is taken.");
        }

        return candidates.Count == 1 ? (Split(parameter, environment[candidates[0]]), candidates[0]) : null;
    }

    private static string[] Split(ParameterDefinition parameter, string value) =>
        parameter.Type == ParameterType.StringArray ? value.Split(Separators, StringSplitOptions.RemoveEmptyEntries) : [value];
}
