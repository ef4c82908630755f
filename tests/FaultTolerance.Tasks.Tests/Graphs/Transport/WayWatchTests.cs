using FaultTolerance.Artefacts;
using FaultTolerance.Artefacts.Events;
using FaultTolerance.Cluster;
using FaultTolerance.Load;
using FaultTolerance.Tests.Cluster;
using FaultTolerance.Tests.Deployments;
using Microsoft.Extensions.Time.Testing;

namespace FaultTolerance.Graphs.Transport;

public sealed class WayWatchTests : IDisposable
{
    private static readonly FrontendEndpoint Frontend = new("frontend-a", "uid-a", new Uri("http://frontend-a:8000/"));
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private readonly TestGraph _graph;

    public WayWatchTests() => _graph = new TestGraph(_time);

    [Fact]
    public async Task Way_that_opens_or_is_refused_for_the_pods_sake_is_no_event()
    {
        var looks = 0;
        await RunAsync(_ => Interlocked.Increment(ref looks) % 2 == 0 ? throw new TransportException(Outcome.Refused, "gone") : Opened(), () => looks > 4);

        Assert.Empty(Events());
    }

    [Fact]
    public async Task Way_that_breaks_and_carries_again_is_told_once_each()
    {
        var looks = 0;
        await RunAsync(
            _ => Interlocked.Increment(ref looks) is 2 or 3 or 4 ? throw new TransportException(Outcome.Transport, "connection refused") : Opened(),
            () => looks > 6
        );

        var events = Events();
        Assert.Equal(
            [(false, "connection refused"), (true, null)],
            events.Select(item => (item.Open!.Value, item.Reason))
        );
        Assert.All(events, item => Assert.Equal("frontend-a", item.Pod));
        Assert.InRange(events[0].Happened, _time.Start.AddSeconds(1).UtcTicks, events[0].At);
    }

    [Theory]
    [InlineData(true, "the API server answers, so it is the kubelet")]
    [InlineData(false, "the API server does not answer either: cannot reach the cluster")]
    public async Task Way_that_never_opens_is_told_with_who_does_not_answer(bool answers, string says)
    {
        await RunAsync(
            async cancellation =>
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, _time, cancellation);
                return Stream.Null;
            },
            () => Events().Length > 0,
            _ => answers ? Task.CompletedTask : throw new ClusterException("FT0304", "cannot reach the cluster")
        );

        var broken = Assert.Single(Events());
        Assert.StartsWith("no port-forward to frontend-a opens within 3 s; ", broken.Reason, StringComparison.Ordinal);
        Assert.Contains(says, broken.Reason, StringComparison.Ordinal);
        Assert.True(broken.At - broken.Happened >= TimeSpan.FromSeconds(3).Ticks, "told before its limit was over");
    }

    [Fact]
    public async Task Broken_way_is_looked_at_though_its_frontend_is_ready_no_more()
    {
        var looks = 0;
        await RunAsync(
            _ => Interlocked.Increment(ref looks) == 1 ? throw new TransportException(Outcome.Transport, "broken") : Opened(),
            () => Events().Length > 1,
            frontends: () => Events().Length == 0 ? [Frontend] : []
        );

        Assert.Equal([false, true], Events().Select(item => item.Open!.Value));
    }

    [Fact]
    public async Task Pod_that_ceases_to_be_ready_while_it_is_looked_at_is_no_broken_way()
    {
        var looks = 0;
        await RunAsync(
            _ => Interlocked.Increment(ref looks) > 0 ? throw new TransportException(Outcome.Transport, "the pod is going") : Opened(),
            () => looks > 0,
            frontends: () => looks == 0 ? [Frontend] : []
        );

        Assert.Empty(Events());
    }

    public void Dispose() => _graph.Dispose();

    private static ValueTask<Stream> Opened() => ValueTask.FromResult<Stream>(new MemoryStream());

    private WayChanged[] Events() => [.. Timeline.Read(_graph.Folder.Timeline).Of<WayChanged>()];

    private async Task RunAsync(
        Func<CancellationToken, ValueTask<Stream>> open,
        Func<bool> until,
        Func<CancellationToken, Task>? ask = null,
        Func<IReadOnlyList<FrontendEndpoint>>? frontends = null)
    {
        var watch = WayWatch.Start(frontends ?? (() => [Frontend]), (_, cancellation) => open(cancellation), ask ?? (_ => Task.CompletedTask), _graph.Timeline);
        async Task WaitAsync()
        {
            while (!until())
            {
                await Task.Delay(2, TestContext.Current.CancellationToken);
            }

            await watch.DisposeAsync();
        }

        await _time.PumpAsync(WaitAsync());
    }
}
