using System.Text;
using FaultMatrix.Build.Model;

namespace FaultMatrix.Build.Commands;

/// <summary>
/// The members of <c>build/nuke</c>'s build: a parameter for each that a target of the engine takes, and a target for each of the engine's,
/// in the order of their declaration, since NUKE orders only what it is told to order.
/// </summary>
internal static class NukeText
{
    /// <summary>Where it stands, relative to the root.</summary>
    public const string RelativePath = "build/nuke/Build.Members.cs";

    public static string Of(Declarations declarations)
    {
        var parameters = declarations.Parameters.Where(p => !p.InFront && !p.Secret).ToList();
        var text = new StringBuilder("""
            // Written by ./build.sh Schema from src/FaultTolerance.Tasks/build/FaultTolerance.Parameters.props.
            using System.Collections.Generic;
            using Nuke.Common;

            partial class Build
            {

            """);
        foreach (var parameter in parameters)
        {
            text.Append($"    [Parameter({Quoted(parameter.Description.TrimEnd('.'))})]\n");
            text.Append($"    readonly {TypeOf(parameter)} {parameter.Name};\n\n");
        }

        var before = new List<string>();
        foreach (var target in declarations.Targets.Where(t => t.InEngine))
        {
            text.Append($"    Target {target.Name} => _ => _\n        .Description({Quoted(target.Description.TrimEnd('.'))})\n");
            if (before.Count > 0)
            {
                text.Append($"        .After({string.Join(", ", before)})\n");
            }

            text.Append(target.RunsAfterFailure ? "        .AssuredAfterFailure()\n" : "");
            text.Append($"        .Executes(() => Call(nameof({target.Name})));\n\n");
            before.Add(target.Name);
        }

        text.Append("    IEnumerable<(string Name, string Value)> Given()\n    {\n");
        foreach (var parameter in parameters)
        {
            text.Append($"        yield return (nameof({parameter.Name}), {ValueOf(parameter)});\n");
        }

        return text.Append("    }\n}\n").ToString();
    }

    private static string TypeOf(ParameterDefinition parameter) => parameter.Type switch
    {
        ParameterType.StringArray => "string[]",
        ParameterType.Bool => "bool",
        ParameterType.Int => "int?",
        _ => "string",
    };

    private static string ValueOf(ParameterDefinition parameter) => parameter.Type switch
    {
        ParameterType.StringArray => $"Joined({parameter.Name})",
        ParameterType.Bool => $"{parameter.Name} ? \"true\" : \"\"",
        ParameterType.Int => $"$\"{{{parameter.Name}}}\"",
        ParameterType.Path or ParameterType.File => $"Full({parameter.Name})",
        _ => parameter.Name,
    };

    private static string Quoted(string text) =>
        $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
