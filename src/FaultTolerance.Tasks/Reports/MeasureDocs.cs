using System.Globalization;
using System.Text;
using FaultTolerance.Results.Measures;

namespace FaultTolerance.Reports;

/// <summary>The list of measures as docs/measuring.md holds it; a test keeps the two alike.</summary>
public static class MeasureDocs
{
    /// <summary>A Markdown table with a line a measure.</summary>
    public static string Table(IEnumerable<IMeasure> measures)
    {
        ArgumentNullException.ThrowIfNull(measures);
        var text = new StringBuilder("| name | in | what it is |\n| --- | --- | --- |\n");
        foreach (var measure in measures)
        {
            var unit = measure.Unit == MeasureUnit.Times ? "a number" : measure.Unit.ToString().ToLowerInvariant();
            text.Append(CultureInfo.InvariantCulture, $"| `{measure.Id}` | {unit} | {measure.Legend} |\n");
        }

        return text.ToString();
    }
}
