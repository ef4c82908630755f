using System.IO.Compression;
using FaultTolerance.Results;
using FaultTolerance.Results.Recovery;

namespace FaultTolerance.Tests.Results.Recovery;

/// <summary>
/// Runs against servers that nobody here wrote, with what independent probers saw of the same faults. <c>golden/cases.zip</c> holds their
/// client logs (the answers' texts replaced) and timelines.
/// </summary>
public sealed class SeenCasesTests(SeenCasesTests.Cases cases, ITestOutputHelper output) : IClassFixture<SeenCasesTests.Cases>
{
    [Fact]
    public void Steady_is_not_reached_by_a_service_that_is_down_to_the_loads_end()
    {
        var row = Row("steady", "llama1-pod");

        Assert.Equal(
            (MeasuredKind.Censored, MeasuredKind.Censored, MeasuredKind.Censored),
            (Kind(row, "steady"), Kind(row, "harmed"), Kind(row, "outage"))
        );
        Assert.InRange(row.Recovered("steady")!.Value.Seconds, 18, 27);
        Assert.Equal(0, row.Damage!.Depth);
    }

    [Fact]
    public void Harm_counts_from_the_order_where_the_fault_lands_after_the_loads_end()
    {
        var row = Row("late-landing", "llama1-int");

        Assert.Equal((MeasuredKind.Censored, MeasuredKind.Censored), (Kind(row, "first_success"), Kind(row, "steady")));
        Assert.Equal(137, row.Damage!.LostRequests);
        Assert.Equal(0, row.Damage.Depth);
        Assert.True(row.Damage.Area > 100);
        Assert.InRange(row.Recovered("landed")!.Value.Seconds, 4, 12);
        Assert.Contains(row.Notes, note =>
            note.Contains("landed", StringComparison.Ordinal) && note.Contains("after the load", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Teardown_is_no_part_of_the_fault()
    {
        var row = Row("teardown-as-loss", "nginx-front_worker");

        Assert.All(["pod_ready", "capacity_back", "first_notice", "container_started"], id =>
            Assert.Equal(MeasuredKind.NotNeeded, Kind(row, id))
        );
        Assert.DoesNotContain(row.Proofs, proof => proof.Contains("container ended", StringComparison.Ordinal));
    }

    /// <summary>
    /// Our clients ask 24 times a second, the prober 25 times. Its successes are told by their ends: they hold one answer of its own, and
    /// the wait for a worker that took up requests in steps of 0.24 s. So it may see the service back later by that, and not earlier.
    /// </summary>
    [Theory]
    [InlineData("slow-frontend", 3.26, 0.24)]
    [InlineData("slow-decode_worker_pod", 1.41, 0.44)]
    [InlineData("fast-decode_worker_pod", 0.60, 0.11)]
    public void Outage_is_the_probers_whatever_an_answers_length(string name, double prober, double itsAnswer)
    {
        var row = Row("answer-length", name);

        var (first, again, steady, outage) = (
            Seconds(row, "first_error"),
            Seconds(row, "first_success"),
            Seconds(row, "steady"),
            Seconds(row, "outage")
        );
        Assert.InRange(outage, prober - itsAnswer - 0.1, prober + 0.1);
        Assert.True(first <= again && again <= steady, $"{first} {again} {steady}");
    }

    [Fact]
    public void Last_error_is_that_of_the_router_that_tries_a_dead_instance_again()
    {
        var row = Row("answer-length", "fast-decode_worker_pod");

        Near(20.6, row, "last_error");
        Assert.InRange(row.Recovered("steady")?.Seconds ?? 0, 20.5, 21);
        Assert.Equal([10.5, 15.5, 20.6], row.Damage!.Spells.Skip(1).Select(spell => Math.Round((spell.From - row.Zero!.Value) / 1e7, 1)));
    }

    private static void Near(double expected, ScenarioResult row, string id)
    {
        var measured = row.Recovered(id)!.Value;
        Assert.Equal(MeasuredKind.Value, measured.Kind);
        Assert.InRange(measured.Seconds, expected - 0.1, expected + 0.1);
    }

    private static double Seconds(ScenarioResult row, string id) => row.Recovered(id)!.Value.Seconds;

    private static MeasuredKind Kind(ScenarioResult row, string id) => row.Recovered(id)!.Value.Kind;

    private ScenarioResult Row(string run, string name)
    {
        var row = RunParser.Parse(Path.Combine(cases.Folder, run)).Scenarios.Single(row => row.Name == name);
        foreach (var (id, value) in row.Recovery)
        {
            output.WriteLine($"{id} {value.ToCell() ?? "unknown"} ({value.Event})");
        }

        output.WriteLine(
            $"depth {row.Damage?.Depth:F2}, area {row.Damage?.Area:F0}, lost {row.Damage?.LostRequests}, {string.Join("; ", row.Notes)}"
        );
        foreach (var spell in row.Damage?.Spells ?? [])
        {
            output.WriteLine(
                $"harm {(spell.From - row.Zero!.Value) / 1e7:F2} to {(spell.To - row.Zero!.Value) / 1e7:F2}: {spell.Lost} lost, {spell.Late} late"
            );
        }

        return row;
    }

    /// <summary>The runs, unpacked.</summary>
    public sealed class Cases : IDisposable
    {
        public Cases() =>
            ZipFile.ExtractToDirectory(Path.Combine(AppContext.BaseDirectory, "Results", "Recovery", "golden", "cases.zip"), Folder);

        public string Folder { get; } = Directory.CreateTempSubdirectory("cases-").FullName;

        public void Dispose() => Directory.Delete(Folder, recursive: true);
    }
}
