using System.Security.Cryptography;
using FaultMatrix.Build.Model;

namespace FaultMatrix.Build.Commands;

/// <summary>
/// The global properties of an engine call. Every declared parameter is set, also when it has no value: otherwise an environment
/// variable of that name would be the value, as MSBuild reads all of them.
/// </summary>
internal static class EngineProperties
{
    public static Dictionary<string, IReadOnlyList<string>> Of(Invocation invocation)
    {
        var properties = new Dictionary<string, IReadOnlyList<string>>(StringComparer.OrdinalIgnoreCase);
        foreach (var parameter in invocation.Declarations.Parameters)
        {
            var items = invocation.Parameters.Items(parameter.Name);
            properties[parameter.Name] = items.Count == 0 ? [""] : parameter.Secret ? [Hide(parameter.Name, items)] : items;
        }

        properties["Continue"] = [invocation.Parameters.Flag("Continue") ? "true" : ""];
        // What somebody gave, and no default: a run that is gone on with refuses what it was not planned with.
        foreach (var name in new[] { "ScenariosFile", "Transport" })
        {
            properties[$"_Ft{name}Given"] = [invocation.Parameters.IsGiven(name) ? invocation.Parameters.Text(name) ?? "" : ""];
        }

        // The engine takes a second to start; what is marked happens now.
        properties["_FtSaidAt"] = [TimeProvider.System.GetUtcNow().ToString("O")];
        properties["_FtProcessors"] = [""];
        properties["_FtRoot"] = [invocation.Root];
        properties["_FtHosted"] = ["true"];
        return properties;
    }

    /// <summary>A new run's identifier: <c>yyyyMMdd-HHmmss-xxxx</c> in UTC.</summary>
    public static string NewRun(TimeProvider time) =>
        $"{time.GetUtcNow():yyyyMMdd-HHmmss}-{RandomNumberGenerator.GetHexString(4, lowercase: true)}";

    // Property values stand in binary logs; the values of environment variables that nothing reads do not.
    private static string Hide(string name, IReadOnlyList<string> items)
    {
        var variable = "_FT_SECRET_" + name.ToUpperInvariant();
        Environment.SetEnvironmentVariable(variable, string.Join(';', items));
        return variable;
    }
}
