using FaultTolerance.Artefacts.TestLogs;
using FaultTolerance.Runs;
using Microsoft.Extensions.Time.Testing;

namespace FaultTolerance.Tests.Artefacts.TestLogs;

public sealed class TestLogTests : IDisposable
{
    private static readonly DateTimeOffset Zero = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private readonly string _folder = Directory.CreateTempSubdirectory("faultmatrix-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void What_the_log_writes_is_the_reference_suites_form_and_is_read_back()
    {
        var path = Path.Combine(_folder, "test.log.txt");
        var time = new FakeTimeProvider(Zero);
        using (var log = new TestLog(path, RunClock.Start(time)))
        {
            log.Starting("agg");
            time.Advance(TimeSpan.FromSeconds(30));
            log.Ready("agg");
            time.Advance(TimeSpan.FromSeconds(10));
            log.Injecting("Failure(time=10)");
            log.Info("test_fault_scenario", "two\nlines");
            log.Error("x", "bad");
        }

        Assert.Equal(
            """
            [TEST] 2026-01-02T03:04:05.000000 INFO ManagedDeployment: Starting Deployment fault-tolerance-test with spec of graph agg
            [TEST] 2026-01-02T03:04:35.000000 INFO ManagedDeployment: Deployment fault-tolerance-test is ready: graph agg
            [TEST] 2026-01-02T03:04:45.000000 INFO test_fault_scenario: Injecting failure for: Failure(time=10)
            [TEST] 2026-01-02T03:04:45.000000 INFO test_fault_scenario: two lines
            [TEST] 2026-01-02T03:04:45.000000 ERROR x: bad

            """, File.ReadAllText(path));
        var times = TestLogReader.Read(path, TimeSpan.Zero);
        Assert.Equal(
            (Zero.UtcTicks, Zero.AddSeconds(30).UtcTicks, Zero.AddSeconds(40).UtcTicks),
            (times.Start!.Value, times.Ready!.Value, times.Fault!.Value)
        );
    }
}
