using System.Text;
using FaultMatrix.Build.Model;

namespace FaultMatrix.Build.Commands;

/// <summary>The table of parameters in <see cref="Document"/>, between two comment lines that the Schema target fills.</summary>
internal static class ParameterTable
{
    /// <summary>Where the table stands, from the root.</summary>
    public const string Document = "docs/command-line.md";

    private const string Begin = "<!-- parameters: written by ./build.sh Schema -->";
    private const string End = "<!-- /parameters -->";

    public static string Of(Declarations declarations)
    {
        var text = new StringBuilder("| parameter | takes | default | meaning |\n| --- | --- | --- | --- |\n");
        foreach (var p in declarations.Parameters)
        {
            var takes = p.Type switch
            {
                ParameterType.StringArray => "names",
                ParameterType.Bool => "flag",
                ParameterType.Int => "number",
                ParameterType.File => "path",
                ParameterType.Enum => string.Join(", ", p.Values),
                _ => p.Type.ToString().ToLowerInvariant(),
            };
            text.Append($"| `--{Names.Dashed(p.Name)}` | {takes} | {p.Default} | {p.Description} |\n".Replace("|  |", "| |"));
        }

        return text.ToString();
    }

    /// <summary>The document with the table between the comment lines; unchanged if it has none.</summary>
    public static string Fill(string document, Declarations declarations)
    {
        var from = document.IndexOf(Begin, StringComparison.Ordinal);
        var to = document.IndexOf(End, StringComparison.Ordinal);
        return from < 0 || to < from ? document : $"{document[..(from + Begin.Length)]}\n{Of(declarations)}{document[to..]}";
    }
}
