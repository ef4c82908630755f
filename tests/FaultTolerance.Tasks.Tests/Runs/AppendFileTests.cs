using System.Text;
using FaultTolerance.Artefacts.TestLogs;
using FaultTolerance.Runs;
using Microsoft.Extensions.Time.Testing;

namespace FaultTolerance.Tests.Runs;

public sealed class AppendFileTests
{
    [Fact]
    public void Two_writers_lose_nothing()
    {
        var path = Path.GetTempFileName();
        try
        {
            using (var a = new AppendFile(path))
            using (var b = new AppendFile(path))
            {
                for (var i = 0; i < 100; i++)
                {
                    a.Write(Encoding.UTF8.GetBytes($"a{i}\n"));
                    b.Write(Encoding.UTF8.GetBytes($"b{i}\n"));
                }
            }

            Assert.Equal(200, File.ReadAllLines(path).Distinct().Count());
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Write_on_a_full_disk_is_kept_as_a_failure_and_throws_nothing()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "this system has no /dev/full");
        using var file = new AppendFile("/dev/full");
        Assert.Null(file.Failure);
        file.Write("a\n"u8);
        file.Write("b\n"u8);

        Assert.Equal("FT0705", file.Failure?.Code);
        Assert.Contains("'/dev/full' cannot be written: No space left on device", file.Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TestLog_writes_the_texts_that_the_reference_parser_looks_for()
    {
        var path = Path.GetTempFileName();
        try
        {
            var time = new FakeTimeProvider(new DateTimeOffset(2025, 9, 24, 10, 30, 45, TimeSpan.Zero));
            using (var log = new TestLog(path, RunClock.Start(time)))
            {
                log.Starting("ft-a");
                time.Advance(TimeSpan.FromMicroseconds(1_500_001));
                log.Ready("ft-a");
                log.Injecting("Failure(time=10, pod_name='Frontend')");
                log.Info("x", "two\nlines");
            }

            var lines = File.ReadAllLines(path);
            Assert.Equal(4, lines.Length);
            Assert.StartsWith(
                "[TEST] 2025-09-24T10:30:45.000000 INFO ManagedDeployment: Starting Deployment fault-tolerance-test with spec",
                lines[0],
                StringComparison.Ordinal
            );
            Assert.StartsWith(
                "[TEST] 2025-09-24T10:30:46.500001 INFO ManagedDeployment: Deployment fault-tolerance-test is ready",
                lines[1],
                StringComparison.Ordinal
            );
            Assert.Contains("Injecting failure for: Failure(time=10, pod_name='Frontend')", lines[2], StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
