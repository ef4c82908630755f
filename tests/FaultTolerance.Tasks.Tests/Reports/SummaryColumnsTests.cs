using System.Xml.Linq;
using FaultTolerance.Reports;
using FaultTolerance.Results;
using FaultTolerance.Results.Recovery;
using FaultTolerance.Results.Legacy;
using FaultTolerance.Tests.Scenarios;

namespace FaultTolerance.Tests.Reports;

public sealed class SummaryColumnsTests
{
    [Fact]
    public void Find_takes_names_in_any_spelling_and_keeps_their_order() =>
        Assert.Equal(
            ["recovery", "success-before", "first-error"],
            SummaryColumns.Find(["Failure", "Recovery", "SuccessBefore", "first_error"]).Select(c => c.Name)
        );

    [Fact]
    public void Find_unknown_name_says_the_nearest_and_all()
    {
        var error = Assert.Throws<FaultMatrixException>(() => SummaryColumns.Find(["recovry"]));
        Assert.Equal("FT0112", error.Code);
        Assert.Contains("did you mean 'recovery'?", error.Message, StringComparison.Ordinal);
        Assert.Contains("lost-requests", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_lists_every_column()
    {
        var declared = XDocument.Load(RepositoryFiles.Parameters)
            .Descendants("FaultParameter").Single(e => e.Attribute("Include")?.Value == "Columns").Attribute("Description")!.Value;
        Assert.EndsWith($": {string.Join(", ", SummaryColumns.All.Select(c => c.Name))}.", declared, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_shows_the_columns_asked_for_in_both_forms()
    {
        var row = new ScenarioResult
        {
            Name = "agg-decode_worker",
            Group = "agg",
            Folder = "x",
            Row = new LegacyRow("decode_worker", Startup: 12.5, Recovery: 3.25),
            State = RowState.Measured,
            Books = new RequestBooks(10, 10, 0, 9, 1, 10),
            Recovery = [("first_error", new Measured(MeasuredKind.Censored, 2))],
        };
        var run = new RunResult { Folder = "x", StandIn = true, Scenarios = [row] };
        var columns = SummaryColumns.Find(["state", "recovery", "first-error", "succeeded", "latency-after"]);

        Assert.Equal(
            """
            Results of stand-in processes, not of the product.

            Test Group: agg
            |    Failure    |    State |   Recovery |   First |   Succeeded |  Latency  |
            |               |          |            |   Error |             |   After   |
            |:-------------:|---------:|-----------:|--------:|------------:|:---------:|
            | decode_worker | Measured |       3.25 |  > 2.00 |           9 |    N/A    |

            """,
            SummaryText.Write(run, columns, TableFormat.Pipe)
        );
        Assert.Contains(
            "│ decode_worker │ Measured │       3.25 │  > 2.00 │           9 │    N/A    │",
            SummaryText.Write(run, columns, TableFormat.Fancy),
            StringComparison.Ordinal
        );
    }
}
