using FaultTolerance.Reports;
using FaultTolerance.Results.Measures;
using FaultTolerance.Tests.Scenarios;

namespace FaultTolerance.Tests.Reports;

public sealed class MeasureDocsTests
{
    [Fact]
    public void Table_stands_in_the_documents_as_it_is()
    {
        var table = MeasureDocs.Table([.. MeasureCatalog.Default.Recovery, .. MeasureCatalog.Default.Damage]);

        Assert.Contains($"\n{table}\n", File.ReadAllText(RepositoryFiles.Measuring), StringComparison.Ordinal);
    }
}
