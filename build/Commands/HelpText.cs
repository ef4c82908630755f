using System.Text;
using FaultMatrix.Build.Model;

namespace FaultMatrix.Build.Commands;

/// <summary>The help text, by NUKE's form: targets with what they run, then the parameters, the front's own last.</summary>
internal static class HelpText
{
    /// <param name="declarations">What there is.</param>
    /// <param name="width">Columns to wrap at; no more than 90 are used.</param>
    public static string Of(Declarations declarations, int width)
    {
        width = Math.Clamp(width, 40, 90);
        var text = new StringBuilder();
        text.Append("Usage: ./build.sh [TARGET ...] [--PARAMETER [VALUE ...] ...]\n\n");
        text.Append("Targets (with their direct dependencies):\n\n");
        var indent = declarations.Targets.Max(t => t.Name.Length) + 4;
        foreach (var target in declarations.Targets)
        {
            text.Append("  ").Append(target.Name);
            if (target.IsDefault)
            {
                text.Append(" (default)");
            }

            if (target.DependsOn.Count > 0)
            {
                text.Append(" -> ").AppendJoin(", ", target.DependsOn);
            }

            text.Append('\n');
            Wrapped(text, target.Description, 6, width);
        }

        text.Append("\nParameters:\n\n");
        var shown = declarations.AllParameters.Where(p => !p.Hidden).ToList();
        indent = shown.Max(p => Names.Dashed(p.Name).Length) + 6;
        foreach (var parameter in declarations.Parameters)
        {
            Parameter(text, parameter, indent, width);
        }

        text.Append('\n');
        foreach (var parameter in BuiltIns.Parameters.Where(p => !p.Hidden && shown.Contains(p)))
        {
            Parameter(text, parameter, indent, width);
        }

        text.Append("\nExit codes: 0 all rows measured; 1 a scenario could not be measured or a fault is\n"
            + "unproven; 2 bad usage or configuration; 3 cluster unreachable or forbidden; 130 and 143\n"
            + "ended by SIGINT or SIGTERM, after the teardown.\n");
        return text.ToString();
    }

    private static void Parameter(StringBuilder text, ParameterDefinition parameter, int indent, int width)
    {
        text.Append(("  --" + Names.Dashed(parameter.Name)).PadRight(indent));
        var description = parameter.Description;
        if (parameter.Type == ParameterType.Enum && parameter.Name != "Host")
        {
            description += $" One of {string.Join(", ", parameter.Values)}.";
        }

        if (parameter.Default is { } value)
        {
            description += $" Default: {value}.";
        }

        Wrapped(text, description, indent, width, first: false);
    }

    private static void Wrapped(StringBuilder text, string words, int indent, int width, bool first = true)
    {
        var column = indent;
        if (first)
        {
            text.Append(' ', indent);
        }

        var atStart = true;
        foreach (var word in words.Split(' '))
        {
            if (!atStart && column + 1 + word.Length > width)
            {
                text.Append('\n').Append(' ', indent);
                column = indent;
                atStart = true;
            }

            if (!atStart)
            {
                text.Append(' ');
                column++;
            }

            text.Append(word);
            column += word.Length;
            atStart = false;
        }

        text.Append('\n');
    }
}
