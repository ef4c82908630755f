using System.Text;
using System.Xml;
using System.Xml.Linq;
using System.Xml.Schema;
using FaultTolerance.Reports.Pipelines;
using FaultTolerance.Results;
using FaultTolerance.Results.Checks;
using FaultTolerance.Tests.Results;

namespace FaultTolerance.Tests.Reports.Pipelines;

public sealed class PipelineFileTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void JUnitXml_is_valid_by_the_schema_that_pipelines_publish(bool strict)
    {
        var faults = new List<string>();
        var schemas = new XmlSchemaSet();
        using var schema = XmlReader.Create(Path.Combine(AppContext.BaseDirectory, "Reports", "Pipelines", "golden", "junit.xsd"));
        schemas.Add(null, schema);

        XDocument.Load(new MemoryStream(JUnitXml.Write(Judged(), strict))).Validate(schemas, (_, fault) => faults.Add(fault.Message));

        Assert.Empty(faults);
    }

    [Theory]
    [InlineData(false, 1, 1)]
    [InlineData(true, 2, 0)]
    public void JUnitXml_has_a_case_a_check_and_one_for_the_execution(bool strict, int failures, int skipped)
    {
        var suite = XDocument.Load(new MemoryStream(JUnitXml.Write(Judged(), strict))).Root!.Element("testsuite")!;

        Assert.Equal(4, suite.Elements("testcase").Count());
        Assert.Equal("executed", (string?)suite.Element("testcase")!.Attribute("name"));
        Assert.Equal(failures, suite.Descendants("failure").Count());
        Assert.Equal(skipped, suite.Descendants("skipped").Count());
        Assert.Equal(failures, (int)suite.Attribute("failures")!);
    }

    [Fact]
    public void JUnitXml_of_a_row_that_was_not_measured_is_an_error()
    {
        var run = SyntheticRun.Parse();
        run = run with { Scenarios = [run.Scenarios[0] with { State = RowState.Unproven, Notes = ["no proof \u0001"] }] };

        var root = XDocument.Load(new MemoryStream(JUnitXml.Write(run))).Root!;

        Assert.Equal(1, (int)root.Attribute("errors")!);
        Assert.Equal("no proof \uFFFD", (string?)Assert.Single(root.Descendants("error")).Attribute("message"));
    }

    [Fact]
    public void StepSummary_shows_the_outage_as_low_blocks_and_what_did_not_pass()
    {
        var text = StepSummary.Write(Judged());

        Assert.Contains("**Verdict: fail. Of 3 checks 1 passed, 1 failed, 1 are unknown.**", text, StringComparison.Ordinal);
        Assert.Matches("`[█▇▆▅]{13}.{0,3}▁{3,7}.{0,2}[█▇▆▅▂]+`", text);
        Assert.Contains("- **fail** agg-tp-1-dp-1-frontend: outage at most 1 s (4.1 s)", text, StringComparison.Ordinal);
    }

    [Fact]
    public void StepSummary_stays_within_the_limit()
    {
        var run = Judged();
        var check = new CheckResult("k", new string('x', 900), CheckOutcome.Fail, "evidence");
        run = run with { Verdict = new RunVerdict(run.Verdict.Rows.SetItem(run.Scenarios[0].Name, [.. Enumerable.Repeat(check, 3000)])) };

        var text = StepSummary.Write(run);

        Assert.InRange(Encoding.UTF8.GetByteCount(text), StepSummary.Limit - 2000, StepSummary.Limit);
        Assert.EndsWith("report.html._\n", text, StringComparison.Ordinal);
    }

    private static RunResult Judged()
    {
        var run = SyntheticRun.Parse();
        return run with
        {
            Verdict = new RunVerdict(
                RunVerdict.None.Rows.Add(
                    run.Scenarios[0].Name,
                    [
                        new CheckResult("outageAtMost", "outage at most 1 s", CheckOutcome.Fail, "4.1 s"),
                        new CheckResult(
                            "generatorHealthy",
                            "load generator healthy",
                            CheckOutcome.Pass,
                            "line 3",
                            "test_fault_scenario[agg-tp-1-dp-1-frontend]/timeline.jsonl"
                        ),
                        new CheckResult("logContains", "a log contains '<x>'", CheckOutcome.Unknown, "no log"),
                    ]
                )
            ),
        };
    }
}
