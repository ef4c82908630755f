using System.Collections.Concurrent;
using System.Text.Json;
using FaultTolerance.Artefacts.Metrics;
using FaultTolerance.Collection;
using FaultTolerance.Graphs;
using FaultTolerance.Graphs.Pods;
using FaultTolerance.Runs;
using FaultTolerance.Tests.Results;
using Microsoft.Extensions.Time.Testing;
using k8s.Models;

namespace FaultTolerance.Tests.Collection;

public sealed class MetricsSamplerTests
{
    [Theory]
    [InlineData(8, 0.5)]
    [InlineData(150, 2.5)]
    [InlineData(3600, 5)]
    public void Every_is_a_sixtieth_of_the_load_within_bounds(double load, double every) =>
        Assert.Equal(TimeSpan.FromSeconds(every), MetricsSampler.Every(TimeSpan.FromSeconds(load)));

    [Fact]
    public void Answered_writes_changes_only_and_all_again_after_an_error()
    {
        using var folder = new ArtefactFolder();
        var path = Path.Combine(folder.Path, "p.metrics.jsonl");
        using (var log = new MetricsLog(path))
        {
            log.Answered(
                DateTimeOffset.UnixEpoch,
                TimeSpan.FromSeconds(0.01),
                "# TYPE a gauge\na 1\nb{x=\"y\"} 2\nh_bucket{le=\"1\"} 5\nh_sum 3\nn NaN\r\n"
            );
            log.Answered(DateTimeOffset.UnixEpoch, TimeSpan.Zero, "a 1\nb{x=\"y\"} 3\nh_sum 3\n");
            log.Failed(DateTimeOffset.UnixEpoch, "refused");
            log.Answered(DateTimeOffset.UnixEpoch, TimeSpan.Zero, "a 1\n");
        }

        var lines = File.ReadAllLines(path).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(
            ["{\"a\":1,\"b{x=\\\"y\\\"}\":2,\"h_sum\":3}", "{\"b{x=\\\"y\\\"}\":3}", "", "{\"a\":1}"],
            lines.Select(line => line.TryGetProperty("samples", out var samples) ? samples.GetRawText() : "")
        );
        Assert.Equal("refused", lines[2].GetProperty("error").GetString());
        Assert.Equal("1970-01-01T00:00:00.0000000Z", lines[0].GetProperty("at").GetString());
    }

    [Fact]
    public void Failed_for_good_is_written_once()
    {
        using var folder = new ArtefactFolder();
        var path = Path.Combine(folder.Path, "p.metrics.jsonl");
        using (var log = new MetricsLog(path))
        {
            log.Failed(DateTimeOffset.UnixEpoch, "port 8000 has no /metrics (404)", lasting: true);
            log.Failed(DateTimeOffset.UnixEpoch, "port 8000 has no /metrics (404)", lasting: true);
            log.Failed(DateTimeOffset.UnixEpoch, "refused");
            log.Failed(DateTimeOffset.UnixEpoch, "refused");
        }

        Assert.Equal(1, File.ReadLines(path).Count(line => line.Contains("404", StringComparison.Ordinal)));
        Assert.Equal(2, File.ReadLines(path).Count(line => line.Contains("refused", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Start_asks_running_pods_each_interval_and_at_the_end_and_a_slow_one_not_before_it_answered()
    {
        using var folder = new ArtefactFolder();
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch);
        var asked = new ConcurrentQueue<string>();
        var slow = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var more = new SemaphoreSlim(0);
        await using (var sampler = MetricsSampler.Start(
            () => [Pod("quick", running: true), Pod("slow", running: true), Pod("pending", running: false)],
            (pod, _) =>
            {
                asked.Enqueue(pod.Name);
                more.Release();
                return pod.Name == "slow" ? slow.Task : Task.FromResult("a 1\n");
            },
            new ScenarioFolder(folder.Path), RunClock.Start(time), TimeSpan.FromSeconds(1)))
        {
            await more.WaitAsync(TestContext.Current.CancellationToken);
            await more.WaitAsync(TestContext.Current.CancellationToken);
            for (var i = 0; i < 3; i++)
            {
                time.Advance(TimeSpan.FromSeconds(1));
                await more.WaitAsync(TestContext.Current.CancellationToken);
            }

            slow.SetResult("a 1\n");
            Assert.Null(await sampler.StopAsync());
        }

        Assert.Equal(5, asked.Count(name => name == "quick"));
        Assert.Equal(2, asked.Count(name => name == "slow"));
        Assert.DoesNotContain("pending", asked);
        Assert.Equal(5, File.ReadAllLines(Path.Combine(folder.Path, "Decode", "quick.metrics.jsonl")).Length);
        Assert.False(File.Exists(Path.Combine(folder.Path, "Decode", "pending.metrics.jsonl")));
    }

    [Fact]
    public async Task Start_notes_a_pod_that_does_not_answer()
    {
        using var folder = new ArtefactFolder();
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (var sampler = MetricsSampler.Start(
            () => [Pod("gone", running: true)],
            (_, _) =>
            {
                asked.TrySetResult();
                return Task.FromException<string>(new HttpRequestException("connection refused"));
            },
            new ScenarioFolder(folder.Path), RunClock.Start(new FakeTimeProvider()), TimeSpan.FromSeconds(1)))
        {
            await asked.Task.WaitAsync(TestContext.Current.CancellationToken);
            await sampler.StopAsync();
        }

        var lines = File.ReadAllLines(Path.Combine(folder.Path, "Decode", "gone.metrics.jsonl"));
        Assert.Equal(2, lines.Length);
        Assert.All(lines, line => Assert.Contains("\"error\":\"connection refused\"", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task FirstLook_is_done_when_all_have_answered_and_StopAsync_looks_once_more_whatever_the_interval()
    {
        using var folder = new ArtefactFolder();
        var first = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var count = 0;
        await using (var sampler = MetricsSampler.Start(
            () => [Pod("p", running: true)],
            (_, _) => ++count == 1 ? first.Task : Task.FromResult($"a {count}\n"),
            new ScenarioFolder(folder.Path), RunClock.Start(new FakeTimeProvider()), TimeSpan.FromHours(1)))
        {
            Assert.False(sampler.FirstLook.IsCompleted);
            first.SetResult("a 1\n");
            await sampler.FirstLook.WaitAsync(TestContext.Current.CancellationToken);
            await sampler.StopAsync();
            await sampler.StopAsync();
        }

        var lines = File.ReadAllLines(Path.Combine(folder.Path, "Decode", "p.metrics.jsonl"));
        Assert.Equal(["{\"a\":1}", "{\"a\":2}"], lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("samples").GetRawText()));
    }

    [Fact]
    public async Task FirstLook_waits_two_seconds_for_a_pod_that_does_not_answer()
    {
        using var folder = new ArtefactFolder();
        var time = new FakeTimeProvider();
        await using var sampler = MetricsSampler.Start(
            () => [Pod("p", running: true)],
            async (_, cancellation) =>
            {
                await Task.Delay(Timeout.Infinite, cancellation);
                return "";
            },
            new ScenarioFolder(folder.Path), RunClock.Start(time), TimeSpan.FromHours(1));
        Assert.False(sampler.FirstLook.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(2));
        await sampler.FirstLook.WaitAsync(TestContext.Current.CancellationToken);
        // Nobody's clock goes on by itself here: the last look is cut short with the sampling.
        var stopping = sampler.StopAsync();
        while (!stopping.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(2));
            await Task.Yield();
        }

        Assert.Null(await stopping);
    }

    private static GraphPod Pod(string name, bool running) =>
        new(
            new GraphService("Decode", "decode", 1),
            new V1Pod
            {
                Metadata = new V1ObjectMeta { Name = name, Uid = name },
                Spec = new V1PodSpec { Containers = [new V1Container { Name = "main" }] },
                Status = new V1PodStatus
                {
                    ContainerStatuses =
                    [
                        new V1ContainerStatus
                        {
                            Name = "main",
                            State = new V1ContainerState { Running = running ? new V1ContainerStateRunning() : null },
                        },
                    ],
                },
            }
        );
}
