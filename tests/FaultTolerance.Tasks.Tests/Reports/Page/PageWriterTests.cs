using System.Text.RegularExpressions;
using FaultTolerance.Faults;
using FaultTolerance.Reports.Page;
using FaultTolerance.Reports.Page.Figure;
using FaultTolerance.Results;
using FaultTolerance.Results.Checks;
using FaultTolerance.Tests.Results;

namespace FaultTolerance.Tests.Reports.Page;

public sealed partial class PageWriterTests
{
    [Fact]
    public void Text_is_the_same_for_the_same_run()
    {
        Assert.Equal(
            PageWriter.Text(SyntheticRun.Parse(), FaultKinds.Standard.Words),
            PageWriter.Text(SyntheticRun.Parse(), FaultKinds.Standard.Words)
        );
    }

    [Fact]
    public void Text_has_no_script_and_fetches_nothing()
    {
        var page = PageWriter.Text(SyntheticRun.Parse(), FaultKinds.Standard.Words);

        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotMatch(@"\son[a-z]+=", page);
        Assert.DoesNotMatch("(src|srcset|data|poster|action)=\"", page);
        Assert.DoesNotContain("@import", page, StringComparison.Ordinal);
        Assert.DoesNotContain("://", page, StringComparison.Ordinal);
        Assert.All(CssAddress().Matches(page), match => Assert.StartsWith("url(#", match.Value, StringComparison.Ordinal));
        Assert.Contains("Content-Security-Policy\" content=\"default-src 'none'", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_links_lead_into_the_page_or_the_run()
    {
        var page = PageWriter.Text(SyntheticRun.Parse(), FaultKinds.Standard.Words);
        var anchors = Anchor().Matches(page).Select(match => match.Groups["id"].Value).ToList();

        Assert.Equal(anchors.Distinct(StringComparer.Ordinal), anchors);
        Assert.All(Href().Matches(page).Select(match => match.Groups["href"].Value), href =>
        {
            if (href.StartsWith('#'))
            {
                Assert.Contains(href[1..], anchors);
            }
            else
            {
                Assert.StartsWith("test_fault_scenario%5Bagg-tp-1-dp-1-frontend%5D/", href, StringComparison.Ordinal);
            }
        });
    }

    [Fact]
    public void Text_escapes_what_comes_from_logs()
    {
        var run = SyntheticRun.Parse();
        run = run with { Scenarios = [run.Scenarios[0] with { Notes = ["<img src=x onerror=alert(1)> & \"quoted\""] }] };

        var page = PageWriter.Text(run, FaultKinds.Standard.Words);

        Assert.DoesNotContain("<img", page, StringComparison.Ordinal);
        Assert.Contains("&lt;img src=x onerror=alert(1)&gt; &amp; &quot;quoted&quot;", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_says_outage_verdict_and_stand_in()
    {
        var run = SyntheticRun.Parse();
        Assert.Contains("No verdict", PageWriter.Text(run, FaultKinds.Standard.Words), StringComparison.Ordinal);

        run = run with
        {
            StandIn = true,
            Verdict = new RunVerdict(
                RunVerdict.None.Rows.Add(
                    run.Scenarios[0].Name,
                    [new CheckResult("outageAtMost", "outage at most 1 s", CheckOutcome.Fail, "4.1 s")]
                )
            ),
        };
        var page = PageWriter.Text(run, FaultKinds.Standard.Words);

        Assert.Contains("SIGKILL was sent to server in Frontend. No request was answered for 4", page, StringComparison.Ordinal);
        Assert.Contains("0 of 1 checks passed, 1 failed, 0 unknown", page, StringComparison.Ordinal);
        Assert.Contains("Stand-in results.", page, StringComparison.Ordinal);
        Assert.Contains("aria-label=\"fail\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_of_thirty_rows_with_many_requests_and_checks_is_within_a_mebibyte_and_a_quarter()
    {
        using var folder = new ArtefactFolder();
        SyntheticRun.Scenario(folder, "agg-tp-1-dp-1-frontend", end: 600);
        string[] metrics =
        [
            "dynamo_frontend_inflight_requests",
            "vllm:num_requests_running",
            "vllm:num_requests_waiting",
            "dynamo_frontend_model_migration_total",
        ];
        foreach (var (metric, pod) in metrics.SelectMany(metric => Enumerable.Range(0, 4).Select(pod => (metric, pod))))
        {
            folder.Write(
                "agg-tp-1-dp-1-frontend",
                $"S{metric.Length}/g-s-{pod}.metrics.jsonl",
                Enumerable.Range(0, 60).Select(i => SyntheticRun.Metrics(i * 10, (i * 7 % 11) + pod, metric))
            );
        }

        var row = folder.Parse().Scenarios[0];
        var checks = Enumerable
            .Range(0, 10)
            .Select(i => new CheckResult(
                "k",
                $"outage at most {i} s",
                CheckOutcome.Fail,
                "longest span without an answer: 4.1 s",
                $"{Path.GetFileName(row.Folder)}/timeline.jsonl"
            ));
        var rows = Enumerable
            .Range(0, 30)
            .Select(i => row with { Name = $"agg-tp-1-dp-{i}-frontend", Group = $"agg-tp-1-dp-{i}" })
            .ToList();
        var run = new RunResult
        {
            Folder = folder.Path,
            Scenarios = [.. rows],
            Verdict = new RunVerdict(
                RunVerdict.None.Rows.AddRange(
                    rows.Select(one => KeyValuePair.Create(one.Name, (System.Collections.Immutable.ImmutableArray<CheckResult>)[.. checks]))
                )
            ),
        };

        Assert.InRange(System.Text.Encoding.UTF8.GetByteCount(PageWriter.Text(run, FaultKinds.Standard.Words)), 100_000, 5 * 256 * 1024);
    }

    [Fact]
    public void Draw_of_the_lanes_is_as_recorded()
    {
        var data = FigureData.Of(SyntheticRun.Parse().Scenarios[0], FaultKinds.Standard.Words)!;

        Assert.Equal(
            File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Reports", "Page", "golden", "lanes.svg")).TrimEnd(),
            LanePanel.Draw(data, 0).Value.Replace("><", ">\n<", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Of_lays_the_phases_of_a_pod_end_to_end()
    {
        var lane = Assert.Single(FigureData.Of(SyntheticRun.Parse().Scenarios[0], FaultKinds.Standard.Words)!.Lanes);

        Assert.Equal(
            [PodPhase.Pending, PodPhase.Starting, PodPhase.Ready, PodPhase.Down, PodPhase.Starting, PodPhase.Ready],
            lane.Spans.Select(span => span.Phase)
        );
        Assert.All(lane.Spans.Zip(lane.Spans.Skip(1)), pair => Assert.Equal(pair.First.To, pair.Second.From));
        Assert.Equal(["ended", "restarted", "fault"], lane.Moments.Select(moment => moment.Kind));
    }

    [Fact]
    public void Of_counts_every_request_once_and_finds_the_outage()
    {
        var data = FigureData.Of(SyntheticRun.Parse().Scenarios[0], FaultKinds.Standard.Words)!;

        Assert.Equal(300, data.Rate.Ended.Sum(stretch => stretch.Sum()));
        Assert.Equal(300, data.Rate.Offered.Sum());
        Assert.Equal(
            data.Row.Recovered("outage")!.Value.Seconds,
            (double)(data.Outage!.Value.To - data.Outage.Value.From) / TimeSpan.TicksPerSecond,
            6
        );
    }

    [Fact]
    public void Place_never_lets_two_names_overlap()
    {
        var marks = MarkLabels.Place(FigureData.Of(SyntheticRun.Parse().Scenarios[0], FaultKinds.Standard.Words)!);

        Assert.Contains(marks, mark => mark.Key == "landed");
        Assert.All(marks.GroupBy(mark => mark.Row), row =>
            Assert.All(row.OrderBy(mark => mark.Left).Zip(row.OrderBy(mark => mark.Left).Skip(1)), pair =>
                Assert.True(pair.First.Left + (pair.First.Text.Length * 6.7) <= pair.Second.Left)
            )
        );
    }

    [Theory]
    [InlineData(0.0000042, "4 µs")]
    [InlineData(0.0042, "4.2 ms")]
    [InlineData(0.412, "412 ms")]
    [InlineData(1.4149, "1.41 s")]
    [InlineData(36.21, "36.2 s")]
    [InlineData(145.2, "145 s")]
    [InlineData(0, "0 s")]
    public void Span_reads_as_people_say_it(double seconds, string said) => Assert.Equal(said, Words.Span(seconds));

    [GeneratedRegex(@"url\([^)]*\)", RegexOptions.NonBacktracking)]
    private static partial Regex CssAddress();

    [GeneratedRegex(" id=\"(?<id>[^\"]+)\"", RegexOptions.NonBacktracking)]
    private static partial Regex Anchor();

    [GeneratedRegex("<a [^>]*href=\"(?<href>[^\"]+)\"", RegexOptions.NonBacktracking)]
    private static partial Regex Href();
}
