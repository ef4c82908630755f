using System.Text.Json;
using System.Text.RegularExpressions;
using FaultTolerance.Faults;
using FaultTolerance.Reports.Page;
using FaultTolerance.Results.Checks;
using FaultTolerance.Tests.Results;

namespace FaultTolerance.Tests.Reports.Page;

/// <summary>The page in a real browser: nothing fetched, nothing overlaps, nothing cut, in both themes and at three widths.</summary>
public sealed partial class BrowserTests
{
    // Only the test's copy has a script: the page itself has none, and its policy forbids any.
    private const string Measure = """
        <script>addEventListener('load',()=>{const faults=[];
        for(const d of document.querySelectorAll('details'))d.open=true;
        for(const svg of document.querySelectorAll('svg.figure')){const box=svg.getBoundingClientRect();
          const texts=[...svg.querySelectorAll('text')].map(t=>[t.firstChild.textContent,t.getBoundingClientRect()]);
          for(const [s,r] of texts)if(r.left<box.left-1||r.right>box.right+1||r.top<box.top-1||r.bottom>box.bottom+1)faults.push('cut: '+s);
          for(let i=0;i<texts.length;i++)for(let j=i+1;j<texts.length;j++){const [a,p]=texts[i],[b,q]=texts[j];
            const x=Math.min(p.right,q.right)-Math.max(p.left,q.left),y=Math.min(p.bottom,q.bottom)-Math.max(p.top,q.top);
            if(x>1&&y>3)faults.push('overlap: '+a+' | '+b)}}
        for(const e of document.querySelectorAll('h1,h2,h3,p,dd,dt,summary,.matrix a,td,th,.key li')){
          if(e.scrollWidth>e.clientWidth+1&&getComputedStyle(e).display!=='inline')faults.push('cut: '+e.textContent.slice(0,60))}
        if(document.documentElement.scrollWidth>innerWidth+1)faults.push('page wider than its window: '+document.documentElement.scrollWidth+' > '+innerWidth);
        document.body.innerHTML='<pre id="faults"></pre>';document.getElementById('faults').textContent=innerWidth+' '+matchMedia('(prefers-color-scheme: dark)').matches+'\n'+faults.join('\n')})</script>
        """;

    [Theory]
    [InlineData(500, false)]
    [InlineData(820, false)]
    [InlineData(1280, false)]
    [InlineData(500, true)]
    [InlineData(820, true)]
    [InlineData(1280, true)]
    public async Task Page_has_no_text_that_overlaps_or_is_cut(int width, bool dark)
    {
        Assert.SkipUnless(Browser.Find() is not null, "No Chromium is installed.");
        using var folder = new ArtefactFolder();
        var copy = Path.Combine(folder.Path, "copy.html");
        await File.WriteAllTextAsync(
            copy,
            Policy().Replace(Sample(), "").Replace("</body>", Measure + "</body>", StringComparison.Ordinal),
            TestContext.Current.CancellationToken
        );

        var faults = Faults()
            .Match(
                await Browser.OpenAsync(
                    copy,
                    TestContext.Current.CancellationToken,
                    [.. Theme(dark), $"--window-size={width},1200", "--dump-dom"]
                )
            )
            .Groups["said"]
            .Value.Split('\n');

        Assert.Equal($"{width} {(dark ? "true" : "false")}", faults[0]);
        Assert.Equal("", string.Join('\n', faults.Skip(1)).Trim());
    }

    [Theory]
    [InlineData(500, false)]
    [InlineData(1280, true)]
    public async Task Page_is_drawn_under_a_policy_without_scripts_and_fetches_nothing(int width, bool dark)
    {
        Assert.SkipUnless(Browser.Find() is not null, "No Chromium is installed.");
        using var folder = new ArtefactFolder();
        var page = Path.Combine(folder.Path, "report.html");
        await File.WriteAllTextAsync(page, Sample(), TestContext.Current.CancellationToken);
        var (picture, log) = (Path.Combine(folder.Path, "page.png"), Path.Combine(folder.Path, "net.json"));

        await Browser.OpenAsync(
            page,
            TestContext.Current.CancellationToken,
            [.. Theme(dark), $"--window-size={width},1600", $"--log-net-log={log}", $"--screenshot={picture}"]
        );

        Assert.True(new FileInfo(picture).Length > 20_000, "The picture of the page is all but empty.");
        Assert.Empty(await FetchedAsync(log));
    }

    [Fact]
    public async Task Browser_tells_of_a_page_that_fetches()
    {
        Assert.SkipUnless(Browser.Find() is not null, "No Chromium is installed.");
        using var folder = new ArtefactFolder();
        var (page, log) = (Path.Combine(folder.Path, "report.html"), Path.Combine(folder.Path, "net.json"));
        await File.WriteAllTextAsync(page, "<img src='http://127.0.0.1:9/picture.png'>", TestContext.Current.CancellationToken);

        await Browser.OpenAsync(page, TestContext.Current.CancellationToken, $"--log-net-log={log}", "--dump-dom");

        Assert.Contains("http://127.0.0.1:9/picture.png", await FetchedAsync(log));
    }

    // What the browser asks for on its own has no origin; what a page asks for has the page's.
    private static async Task<List<string>> FetchedAsync(string log)
    {
        await using var stream = File.OpenRead(log);
        using var json = await JsonDocument.ParseAsync(stream, cancellationToken: TestContext.Current.CancellationToken);
        return
        [
            .. json
                .RootElement.GetProperty("events")
                .EnumerateArray()
                .Where(item =>
                    item.TryGetProperty("params", out var keys)
                    && keys.TryGetProperty("url", out var url)
                    && url.GetString()!.StartsWith("http", StringComparison.Ordinal)
                    && keys.TryGetProperty("initiator", out var initiator)
                    && initiator.GetString() != "not an origin"
                )
                .Select(item => item.GetProperty("params").GetProperty("url").GetString()!)
                .Distinct(StringComparer.Ordinal),
        ];
    }

    private static string[] Theme(bool dark) =>
        dark ? ["--blink-settings=preferredColorScheme=0", "--force-dark-mode"] : ["--blink-settings=preferredColorScheme=1"];

    private static string Sample()
    {
        using var folder = new ArtefactFolder();
        foreach (
            var name in new[] { "agg-tp-1-dp-1-frontend", "agg-tp-1-dp-1-vllm_prefill_engine_core", "disagg-tp-1-dp-2-decode_worker_pod" }
        )
        {
            SyntheticRun.Scenario(folder, name);
        }

        for (var trial = 2; trial <= 6; trial++)
        {
            SyntheticRun.Scenario(folder, $"agg-tp-1-dp-1-frontend.{trial}", SyntheticRun.Back + (0.3 * trial), end: trial == 6 ? 15 : 30);
        }

        foreach (
            var (file, metric) in new[]
            {
                ("Frontend/g-frontend-x1", "dynamo_frontend_inflight_requests"),
                ("VllmDecodeWorker/g-vllmdecodeworker-y2", "vllm:num_requests_running"),
                ("VllmDecodeWorker/g-vllmdecodeworker-y3", "vllm:num_requests_waiting"),
            }
        )
        {
            folder.Write(
                "disagg-tp-1-dp-2-decode_worker_pod",
                $"{file}.metrics.jsonl",
                SyntheticRun.Metrics(1, 8, metric),
                SyntheticRun.Metrics(10, 120, metric),
                SyntheticRun.Metrics(14, 9, metric)
            );
        }

        var run = folder.Parse() with { StandIn = true, Folder = "/results/20260102-030405-abcd" };
        run = run with
        {
            Verdict = new RunVerdict(
                RunVerdict.None.Rows.Add(
                    run.Scenarios[0].Name,
                    [new CheckResult("outageAtMost", "outage at most 1 s", CheckOutcome.Fail, "4.1 s")]
                )
            ),
        };
        return PageWriter.Text(run, FaultKinds.Standard.Words);
    }

    [GeneratedRegex("<meta http-equiv=[^>]*>", RegexOptions.NonBacktracking)]
    private static partial Regex Policy();

    [GeneratedRegex("<pre id=\"faults\">(?<said>[^<]*)</pre>", RegexOptions.NonBacktracking)]
    private static partial Regex Faults();
}
