using System.Globalization;
using System.Text;
using System.Xml;
using FaultTolerance.Results;
using FaultTolerance.Results.Checks;

namespace FaultTolerance.Reports.Pipelines;

/// <summary>
/// <c>junit.xml</c> in the form that Jenkins, GitLab and Azure's <c>PublishTestResults</c> read: a suite a scenario; in it one case for
/// its execution and one a check. A row that was not measured is an error, a failed check a failure, an unknown one is skipped (in
/// strict mode a failure).
/// </summary>
internal static class JUnitXml
{
    /// <summary>The file's name.</summary>
    public const string FileName = "junit.xml";

    /// <summary>The document.</summary>
    /// <param name="run">The result.</param>
    /// <param name="strict">Whether unknown checks count as failed.</param>
    public static byte[] Write(RunResult run, bool strict = false)
    {
        ArgumentNullException.ThrowIfNull(run);
        using var stream = new MemoryStream();
        var settings = new XmlWriterSettings { Indent = true, NewLineChars = "\n", Encoding = new UTF8Encoding(false) };
        using (var xml = XmlWriter.Create(stream, settings))
        {
            var checks = run.Verdict.All.ToList();
            xml.WriteStartElement("testsuites");
            xml.WriteAttributeString("name", "FaultMatrix");
            Counts(xml, run.Scenarios.Length + checks.Count, Failures(checks, strict), run.Scenarios.Count(NotExecuted));
            xml.WriteAttributeString("time", Seconds(run.Scenarios.Sum(Duration)));
            foreach (var row in run.Scenarios)
            {
                Suite(xml, run, row, strict);
            }

            xml.WriteEndElement();
        }

        stream.WriteByte((byte)'\n');
        return stream.ToArray();
    }

    private static void Suite(XmlWriter xml, RunResult run, ScenarioResult row, bool strict)
    {
        var checks = run.Verdict.ChecksOf(row.Name);
        xml.WriteStartElement("testsuite");
        xml.WriteAttributeString("name", row.Name);
        Counts(xml, checks.Length + 1, Failures(checks, strict), NotExecuted(row) ? 1 : 0);
        xml.WriteAttributeString("skipped", Text(strict ? 0 : checks.Count(check => check.Outcome == CheckOutcome.Unknown)));
        xml.WriteAttributeString("time", Seconds(Duration(row)));
        if (row.Timeline.Length > 0)
        {
            xml.WriteAttributeString(
                "timestamp",
                new DateTime(row.Timeline[0].At, DateTimeKind.Utc).ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture)
            );
        }

        Properties(xml, run, row);
        Execution(xml, row);
        foreach (var check in checks)
        {
            Case(xml, row, check, strict);
        }

        xml.WriteEndElement();
    }

    private static void Properties(XmlWriter xml, RunResult run, ScenarioResult row)
    {
        xml.WriteStartElement("properties");
        foreach (var (name, value) in new[]
        {
            ("state", row.State.ToString()), ("standIn", run.StandIn ? "true" : "false"),
            ("artefacts", Path.GetRelativePath(run.Folder, row.Folder).Replace('\\', '/')), ("page", $"report.html#s-{row.RowName}"),
        })
        {
            xml.WriteStartElement("property");
            xml.WriteAttributeString("name", name);
            xml.WriteAttributeString("value", value);
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    private static void Execution(XmlWriter xml, ScenarioResult row)
    {
        Begin(xml, row, "executed", Seconds(Duration(row)));
        if (NotExecuted(row))
        {
            Outcome(xml, "error", row.State.ToString(), string.Join("; ", row.Notes));
        }

        xml.WriteEndElement();
    }

    private static void Case(XmlWriter xml, ScenarioResult row, CheckResult check, bool strict)
    {
        Begin(xml, row, check.Asked, "0");
        if (check.Outcome == CheckOutcome.Fail || (strict && check.Outcome == CheckOutcome.Unknown))
        {
            Outcome(xml, "failure", check.Kind, $"{check.Outcome.ToString().ToLowerInvariant()}: {check.Evidence}");
        }
        else if (check.Outcome == CheckOutcome.Unknown)
        {
            xml.WriteStartElement("skipped");
            xml.WriteAttributeString("message", Clean($"unknown: {check.Evidence}"));
            xml.WriteEndElement();
        }

        xml.WriteElementString("system-out", Clean($"{check.Evidence}{(check.Artefact is null ? "" : $"\n{check.Artefact}")}"));
        xml.WriteEndElement();
    }

    private static void Begin(XmlWriter xml, ScenarioResult row, string name, string time)
    {
        xml.WriteStartElement("testcase");
        xml.WriteAttributeString("name", Clean(name));
        xml.WriteAttributeString("classname", row.Name);
        xml.WriteAttributeString("time", time);
    }

    private static void Outcome(XmlWriter xml, string element, string type, string message)
    {
        xml.WriteStartElement(element);
        xml.WriteAttributeString("message", Clean(message));
        xml.WriteAttributeString("type", type);
        xml.WriteString(Clean(message));
        xml.WriteEndElement();
    }

    private static void Counts(XmlWriter xml, int tests, int failures, int errors)
    {
        xml.WriteAttributeString("tests", Text(tests));
        xml.WriteAttributeString("failures", Text(failures));
        xml.WriteAttributeString("errors", Text(errors));
    }

    private static int Failures(IEnumerable<CheckResult> checks, bool strict) =>
        checks.Count(check => check.Outcome == CheckOutcome.Fail || (strict && check.Outcome == CheckOutcome.Unknown));

    private static bool NotExecuted(ScenarioResult row) => row.State is RowState.Failed or RowState.Unproven or RowState.Invalid;

    private static double Duration(ScenarioResult row) =>
        row.Timeline.Length == 0 ? 0 : (double)(row.Timeline[^1].At - row.Timeline[0].At) / TimeSpan.TicksPerSecond;

    // Texts of logs may hold what XML 1.0 cannot.
    private static string Clean(string text) => string.Concat(text.Select(c => XmlConvert.IsXmlChar(c) ? c : '\uFFFD'));

    private static string Text(int count) => count.ToString(CultureInfo.InvariantCulture);

    private static string Seconds(double seconds) => seconds.ToString("0.###", CultureInfo.InvariantCulture);
}
