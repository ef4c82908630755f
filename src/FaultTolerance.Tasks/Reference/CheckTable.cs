using System.Text;
using FaultTolerance.Results.Checks;

namespace FaultTolerance.Reference;

/// <summary>The table of checks in docs/verdicts.md.</summary>
internal static class CheckTable
{
    /// <summary>A row a check.</summary>
    public static string Text(CheckCatalog catalog)
    {
        var text = new StringBuilder("| check | what it asks | unknown when |\n| --- | --- | --- |\n");
        foreach (var check in catalog.All)
        {
            text.Append($"| `{check.Key}` | {check.Schema["description"]} | {check.UnknownWhen} |\n");
        }

        return text.ToString();
    }
}
