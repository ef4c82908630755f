using System.Text;
using FaultTolerance.Results.Measures;

namespace FaultTolerance.Reference;

/// <summary>The table of measures in docs/measuring.md.</summary>
internal static class MeasureTable
{
    /// <summary>A row a measure.</summary>
    public static string Text(MeasureCatalog catalog)
    {
        var text = new StringBuilder("| `--columns` | header | CSV | unit | meaning |\n| --- | --- | --- | --- | --- |\n");
        foreach (var measure in catalog.All)
        {
            text.Append($"| `{measure.Column()}` | {measure.Header.Replace('\n', ' ')} | `{measure.Csv()}` | ");
            text.Append($"{measure.Unit.ToString().ToLowerInvariant()} | {measure.Legend.Replace("|", "\\|")} |\n");
        }

        return text.ToString();
    }
}
