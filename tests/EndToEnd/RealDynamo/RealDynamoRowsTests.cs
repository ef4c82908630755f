namespace EndToEnd.RealDynamo;

/// <summary>
/// The tool at a Dynamo that nobody here wrote: frontend, router and mocker of ai-dynamo, each row beside a prober of the tests' own.
/// </summary>
[Collection(nameof(Alone))]
public sealed class RealDynamoRowsTests(DynamoRuns runs, ITestOutputHelper output) : IClassFixture<DynamoRuns>
{
    // 100 ms, and what the prober itself cannot tell.
    private const double Bound = 0.1;

    // A machine that holds up a thread that does nothing else for so long measures itself.
    private const double Busy = 0.5;

    public static TheoryData<string, string> Faults =>
        [.. DynamoRuns.All.Where(row => row.Scenario != DynamoRuns.Unasked).Select(row => (row.Profile, row.Scenario))];

    [Theory]
    [MemberData(nameof(Faults))]
    public void Fault_is_what_the_prober_saw(string profile, string scenario)
    {
        var row = Row(profile, scenario);
        var (truth, doubt) = (row.Truth, row.Doubt);
        var bound = Bound + doubt;
        var (first, again, last, outage, steady) = (row.Seconds("first_error"), row.Seconds("first_success"), row.Seconds("last_error"),
            row.Seconds("outage"), row.Steady);
        output.WriteLine($"prober: {truth}, to {doubt:F3} s; the fault landed at {row.Landed:F3}");
        output.WriteLine($"row:    first error {first}, first success {again}, last error {last}, outage {outage}, steady {steady}");
        output.WriteLine(string.Join('\n', row.Notes));

        Assert.True(row.IsProven);
        var late = row.Notes.FirstOrDefault(note => note.StartsWith("the load generator cannot be trusted", StringComparison.Ordinal));
        Assert.SkipWhen(late is not null, $"the machine was too busy to measure, and the row says so: {late}");
        Assert.SkipWhen(doubt > Busy, $"the machine was too busy to measure: the prober itself was held up for {doubt:F3} s");
        if (Math.Max(truth.Outage, outage ?? 0) <= bound)
        {
            // Single requests were lost at most, some of the prober's and others of the clients': there is no outage, and both say so.
            return;
        }

        Near(truth.Outage, outage ?? 0, bound, "outage");
        Near(truth.FirstSuccess, again, bound, "first success");
        Near(truth.LastError, last, bound, "last error");
        Assert.True(first is null || (first <= again && (steady is null || again <= steady)), $"{first} {again} {steady}");
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public void Counters_are_the_clients_and_the_probers(string profile, string scenario)
    {
        // A frontend that ends takes its counts along.
        Assert.SkipWhen(scenario.Contains("-frontend", StringComparison.Ordinal), "the fault takes the counter with it");
        var row = Row(profile, scenario);
        var frontend = DynamoRuns.NeedsNginx(scenario) ? "Router" : "Frontend";
        var counted = row.Counted(frontend, "dynamo_frontend_requests_total");
        double Count(string endpoint, string status) =>
            counted.Where(c => c.Series.Contains($"endpoint=\"{endpoint}\"", StringComparison.Ordinal)
                && c.Series.Contains($"status=\"{status}\"", StringComparison.Ordinal)).Sum(c => c.Count);
        output.WriteLine(string.Join('\n', counted));
        output.WriteLine(string.Join('\n', row.Notes));

        Assert.Equal(row.Clients().Answered, Count("chat_completions", "success"));
        var (first, last) = row.Looks(frontend);
        var answered = row.Probes.Where(probe => probe.Succeeded).ToArray();
        // What was under way at a look counts before or after it.
        Assert.InRange(
            Count("completions", "success"),
            answered.Count(probe => probe.Sent >= first.Answered && probe.Ended <= last.Asked),
            answered.Count(probe => probe.Ended >= first.Asked && probe.Sent <= last.Answered));
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public void Row_that_others_asked_as_well_is_invalid_and_says_who(string profile, string scenario)
    {
        Assert.SkipWhen(scenario.Contains("-frontend", StringComparison.Ordinal), "the fault takes the counter with it");
        var row = Row(profile, scenario);

        Assert.Equal("Invalid", row.State);
        Assert.Contains(row.Notes, note => note.StartsWith("FT0831", StringComparison.Ordinal)
            && note.Contains("completions", StringComparison.Ordinal));
    }

    [Fact]
    public void Row_that_nobody_else_asked_is_sound_and_its_counters_are_its_clients()
    {
        var row = Row("streamed", DynamoRuns.Unasked);
        var (sent, answered) = row.Clients();

        Assert.Equal("Baseline", row.State);
        Assert.Equal(sent, answered);
        Assert.Equal(sent, row.Counted("Frontend", "dynamo_frontend_requests_total").Sum(c => c.Count));
        Assert.Equal(sent, row.Counted("Worker", "dynamo_component_requests_total")
            .Where(c => c.Series.Contains("=\"generate\"", StringComparison.Ordinal)).Sum(c => c.Count));
    }

    private DynamoRow Row(string profile, string scenario)
    {
        DynamoParts.Require(DynamoRuns.NeedsNginx(scenario));
        return runs.Row(profile, scenario);
    }

    private static void Near(double? truth, double? measured, double bound, string what) =>
        Assert.True(
            truth is null == measured is null && Math.Abs((truth ?? 0) - (measured ?? 0)) <= bound,
            $"{what} to {bound:F3} s: the prober saw {truth?.ToString("F3") ?? "nothing"}, the row says {measured?.ToString("F3") ?? "nothing"}");
}
