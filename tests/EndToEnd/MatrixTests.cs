using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace EndToEnd;

/// <summary>The whole quick matrix on the local cluster, and what the published runs found.</summary>
[Collection(nameof(Alone))]
public sealed partial class MatrixTests(MatrixRun run) : IClassFixture<MatrixRun>
{
    private static readonly string[] Agg =
    [
        "none",
        "frontend",
        "frontend_pod",
        "decode_worker",
        "decode_worker_pod",
        "vllm_decode_engine_core",
    ];
    private static readonly string[] Disagg = [.. Agg, "prefill_worker", "prefill_worker_pod", "vllm_prefill_engine_core"];

    private static readonly (string Name, string[] Failures)[] Groups =
        [("agg-tp-1-dp-1", Agg), ("agg-tp-1-dp-2", Agg), ("disagg-tp-1-dp-1", Disagg), ("disagg-tp-1-dp-2", Disagg)];

    public static TheoryData<string> Scenarios => [.. Groups.SelectMany(g => g.Failures.Select(f => $"{g.Name}-{f}"))];

    public static TheoryData<string> Faults => [.. Groups.SelectMany(g => g.Failures.Where(f => f != "none").Select(f => $"{g.Name}-{f}"))];

    public static TheoryData<string> WithoutFault => [.. Groups.Select(g => $"{g.Name}-none")];

    public static TheoryData<string> TwoReplicas =>
        [.. Groups.Where(g => g.Name.EndsWith("dp-2", StringComparison.Ordinal)).SelectMany(g => g.Failures.Select(f => $"{g.Name}-{f}"))];

    [Fact]
    public void Matrix_ends_with_0_and_leaves_nothing_behind()
    {
        Assert.True(run.ExitCode == 0, run.Output);
        Leftovers.NoneOf(run.FrontId);
    }

    [Fact]
    public void Matrix_has_30_rows_and_none_is_missing() =>
        Assert.Equal(
            Scenarios.Select(s => s.Data).Order(StringComparer.Ordinal),
            run.Rows.Select(r => r.GetProperty("scenario").GetString()!).Order(StringComparer.Ordinal));

    [Fact]
    public void Matrix_says_that_no_product_was_measured()
    {
        Assert.StartsWith(
            "Results of stand-in processes, not of the product.",
            File.ReadAllText(Path.Combine(run.Folder, "summary.txt")),
            StringComparison.Ordinal
        );
        using var summary = JsonDocument.Parse(File.ReadAllText(Path.Combine(run.Folder, "summary.json")));
        Assert.True(summary.RootElement.GetProperty("standIn").GetBoolean());
        Assert.True(summary.RootElement.GetProperty("sound").GetBoolean());
    }

    [Fact]
    public void Tables_have_the_form_of_the_published_ones()
    {
        var golden = Path.Combine(Repository.Root, "tests", "FaultTolerance.Tasks.Tests", "Reports", "golden");
        var text = File.ReadAllText(Path.Combine(run.Folder, "summary.txt")).Split('\n');
        foreach (var (group, failures) in Groups)
        {
            var published = File.ReadAllLines(Path.Combine(golden, $"published-{group}.txt"));
            var start = Array.IndexOf(text, $"Test Group: {group}");
            Assert.True(start >= 0, $"no table for {group}");
            var title = Array.FindIndex(published, l => l.StartsWith("Test Group: ", StringComparison.Ordinal));
            var rows = text.Skip(start + 1).TakeWhile(l => l.Length > 0).ToList();
            var expected = published
                .Skip(title + 1)
                .TakeWhile(l => l.Length > 0 && "╒│╞├╘".Contains(l[0], StringComparison.Ordinal))
                .ToList();
            Assert.True(expected.Count > failures.Length, $"the published table of {group} was not found in its file");
            Assert.Equal(expected.Select(Form), rows.Select(Form));
            Assert.Equal(failures.Length, rows.Count(l => Cell().IsMatch(l)));
            Assert.Single(rows.Select(l => l.Length).Distinct());
        }
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public void Fault_is_proven(string scenario)
    {
        var row = run.Row(scenario);
        Assert.Equal("Measured", row.GetProperty("state").GetString());
        Assert.NotEmpty(row.GetProperty("fault").GetProperty("proofs").EnumerateArray());
        var timeline = run.Timeline(scenario);
        var issued = timeline.Where(e => Is(e, "fault.issued")).Select(e => e.GetProperty("id").GetString()).ToList();
        Assert.NotEmpty(issued);
        Assert.Equal(issued, timeline.Where(e => Is(e, "fault.landed")).Select(e => e.GetProperty("id").GetString()));
        Assert.DoesNotContain(timeline, e => Is(e, "fault.unproven"));
    }

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void Requests_are_conserved(string scenario)
    {
        var books = run.Row(scenario).GetProperty("requests");
        Assert.Equal(Count(books, "planned"), Count(books, "sent") + Count(books, "notSent"));
        Assert.Equal(Count(books, "sent"), Count(books, "succeeded") + Count(books, "failed") + Count(books, "keptResets") + Count(books, "ownTransport"));
        Assert.Equal(Count(books, "planned"), run.Timeline(scenario).Single(e => Is(e, "load.started")).GetProperty("planned").GetInt32());
        // Told by the artefacts as well: one line for each request that was planned.
        Assert.Equal(
            Count(books, "planned"),
            Directory.GetFiles(run.FolderOf(scenario), "client_*.log.txt").Sum(f => File.ReadLines(f).Count())
        );
    }

    [Theory]
    [MemberData(nameof(WithoutFault))]
    public void None_fails_no_request(string scenario)
    {
        Assert.Equal("Baseline", run.Row(scenario).GetProperty("state").GetString());
        Assert.Equal(0, Count(run.Row(scenario).GetProperty("requests"), "failed"));
    }

    [Theory]
    [InlineData("agg-tp-1-dp-1")]
    [InlineData("disagg-tp-1-dp-1")]
    public async Task One_replica_of_decode_fails_a_quarter_and_a_frontend_fewer(string group)
    {
        string[] decode = ["decode_worker", "decode_worker_pod", "vllm_decode_engine_core"];
        string[] frontend = ["frontend", "frontend_pod"];
        var rows = await run.SettledAsync([.. decode.Concat(frontend).Select(f => $"{group}-{f}")],
            rows => rows.Skip(decode.Length).All(row => FailedAfter(row) <= Least(rows)));

        Assert.All(rows.Take(decode.Length), row => Assert.InRange(FailedAfter(row), 0.25, 1));
        Assert.All(rows.Skip(decode.Length), row => Assert.InRange(FailedAfter(row), 0, Least(rows)));

        double Least(IReadOnlyList<JsonElement> all) => all.Take(decode.Length).Min(FailedAfter) - 0.001;
    }

    [Theory]
    [MemberData(nameof(TwoReplicas))]
    public async Task Two_replicas_fail_one_percent_at_most(string scenario)
    {
        var row = Assert.Single(await run.SettledAsync([scenario], rows => Failed(rows[0]) <= Most(rows[0])));

        Assert.InRange(Failed(row), 0, Most(row));

        static int Failed(JsonElement row) => Count(row.GetProperty("requests"), "failed");
        static int Most(JsonElement row) => Count(row.GetProperty("requests"), "planned") / 100;
    }

    [Theory]
    [InlineData("prefill_worker")]
    [InlineData("prefill_worker_pod")]
    public void Prefill_worker_of_one_fails_6_percent_at_most(string failure)
    {
        var books = run.Row($"disagg-tp-1-dp-1-{failure}").GetProperty("requests");
        Assert.InRange(Count(books, "failed"), 0, Count(books, "planned") * 6 / 100);
    }

    [Fact]
    public void Prefill_engine_core_of_one_fails_like_decode_does() =>
        Assert.InRange(FailedAfter(run.Row("disagg-tp-1-dp-1-vllm_prefill_engine_core")), 0.25, 1);

    [Theory]
    [MemberData(nameof(Faults))]
    public void Recovery_agrees_with_the_pod_status_to_100_ms(string scenario)
    {
        var row = run.Row(scenario);
        // Measures count from the order.
        var fault = run.Timeline(scenario).First(e => Is(e, "fault.issued"));
        var ordered = Stamp(fault.GetProperty("at").GetString()!);
        var files = Directory.GetFiles(Path.Combine(run.FolderOf(scenario), fault.GetProperty("service").GetString()!), "*.yaml")
            .Where(f => !f.EndsWith(".before_delete.yaml", StringComparison.Ordinal)).Select(File.ReadAllText).ToList();
        Assert.NotEmpty(files);

        // A pod that is not ready yet when it is collected has no stamp of when it was; that its container started every one has.
        var started = Agrees("container_started", Started());
        var ready = Agrees("pod_ready", Ready());
        Assert.True(started || ready, "no pod's status says when it came back");

        bool Agrees(string measure, Regex stamp)
        {
            // The pods that are there at the end, and of their stamps the first after the fault.
            var by = files
                .SelectMany(f => stamp.Matches(f))
                .Select(m => Stamp(m.Groups["at"].Value))
                .Where(at => at > ordered)
                .Order()
                .ToList();
            var ours = row.GetProperty("recovery").GetProperty(measure);
            if (by.Count == 0)
            {
                return false;
            }

            Assert.Equal("Value", ours.GetProperty("is").GetString());
            Assert.InRange(
                ours.GetProperty("seconds").GetDouble(),
                (by[0] - ordered).TotalSeconds - 0.1,
                (by[0] - ordered).TotalSeconds + 0.1
            );
            return true;
        }
    }

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void Artefacts_are_all_there(string scenario)
    {
        var folder = run.FolderOf(scenario);
        Assert.True(File.Exists(Path.Combine(folder, "test.log.txt")));
        Assert.Equal(10, Directory.GetFiles(folder, "client_*.log.txt").Length);
        Assert.InRange(Directory.GetDirectories(folder).Length, scenario.StartsWith("disagg", StringComparison.Ordinal) ? 3 : 2, 3);
        foreach (var service in Directory.GetDirectories(folder))
        {
            Assert.NotEmpty(Directory.GetFiles(service, "*.yaml"));
            Assert.NotEmpty(Directory.GetFiles(service, "*.metrics.log"));
            Assert.All(Directory.GetFiles(service, "*.yaml"), yaml =>
                Assert.True(File.Exists(Path.ChangeExtension(yaml, ".log")), $"no log beside {yaml}")
            );
        }
    }

    [Fact]
    public void Summaries_are_written_in_every_form()
    {
        foreach (var name in new[] { "summary.txt", "summary.md", "summary.csv", "summary.json", "requests.csv" })
        {
            Assert.True(new FileInfo(Path.Combine(run.Folder, name)).Length > 0, name);
        }

        Assert.Equal(31, File.ReadLines(Path.Combine(run.Folder, "summary.csv")).Count());
        Assert.Equal(
            1 + run.Rows.Sum(r => Count(r.GetProperty("requests"), "planned")),
            File.ReadLines(Path.Combine(run.Folder, "requests.csv")).Count()
        );
    }

    private static bool Is(JsonElement item, string name) => item.GetProperty("event").GetString() == name;

    private static int Count(JsonElement books, string key) => books.GetProperty(key).GetInt32();

    private static DateTimeOffset Stamp(string text) =>
        DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    // Numbers and widths differ from run to run; lines, names and the order of columns do not.
    private static string Form(string line) => Blanks().Replace(Number().Replace(Rule().Replace(line, "${line}"), "N"), " ").Trim();

    private static double FailedAfter(JsonElement row)
    {
        var legacy = row.GetProperty("legacy");
        var (ok, failed) = (legacy.GetProperty("successAfter").GetDouble(), legacy.GetProperty("failedAfter").GetDouble());
        return failed / (ok + failed);
    }

    [GeneratedRegex(@"│ +(?:N/A|-?\d+\.\d+) │$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Cell();

    [GeneratedRegex(@"(?<![a-z_])(?:-?\d+\.\d+|N/A|nan)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Number();

    [GeneratedRegex(@"(?<line>[═─])\k<line>+", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Rule();

    [GeneratedRegex(" +", RegexOptions.None, 1000)]
    private static partial Regex Blanks();

    [GeneratedRegex(@"^    state:\s+running:\s+startedAt: ""(?<at>[^""]+)""", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Started();

    [GeneratedRegex(@"lastTransitionTime: ""(?<at>[^""]+)""\s+status: ""True""\s+type: Ready", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Ready();
}
