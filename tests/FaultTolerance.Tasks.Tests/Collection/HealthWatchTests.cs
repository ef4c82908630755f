using FaultTolerance.Artefacts;
using FaultTolerance.Artefacts.Events;
using FaultTolerance.Collection;
using FaultTolerance.Graphs;
using FaultTolerance.Graphs.Pods;
using FaultTolerance.Load;
using FaultTolerance.Tests.Deployments;
using Microsoft.Extensions.Time.Testing;
using k8s.Models;

namespace FaultTolerance.Tests.Collection;

/// <summary>What a pod's /health answers through a load.</summary>
public sealed class HealthWatchTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private readonly List<GraphPod> _pods = [Pod("a")];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_tells_each_change_of_an_answer_once()
    {
        Assert.Equal([200L, 503L, 0L, 200L], await AnswersAsync(look => look switch
        {
            1 or 2 => 200,
            3 or 4 => 503,
            5 => throw new HttpRequestException("connection refused"),
            _ => 200,
        }));
    }

    [Fact]
    public async Task Start_where_our_own_way_fails_says_nothing_of_the_pod()
    {
        Assert.Equal([200L], await AnswersAsync(look => look is 2 or 3
            ? throw new HttpRequestException("no way", new TransportException(Outcome.Transport, "cut")) : 200));
    }

    [Fact]
    public async Task Start_tells_of_a_pod_that_went_and_of_the_one_in_its_place()
    {
        var answers = await AnswersAsync(look =>
        {
            if (look == 2)
            {
                _pods[0] = Pod("b");
            }

            return 200;
        });

        Assert.Equal([200L, null, 200L], answers);
    }

    private async Task<IReadOnlyList<long?>> AnswersAsync(Func<int, int> answer)
    {
        using var graph = new TestGraph(_time);
        var (looks, asked) = (0, new SemaphoreSlim(0));
        await using (HealthWatch.Start(
            () => [.. _pods],
            (_, _) =>
            {
                asked.Release();
                return Task.FromResult(answer(++looks));
            },
            graph.Timeline))
        {
            await asked.WaitAsync(Cancellation);
            for (var i = 0; i < 7; i++)
            {
                _time.Advance(TimeSpan.FromSeconds(0.5));
                await asked.WaitAsync(Cancellation);
            }
        }

        return [.. Timeline.Read(graph.Folder.Timeline).Of<HealthAnswered>().Select(item => item.Status)];
    }

    private static GraphPod Pod(string name) => new(new GraphService("Frontend", GraphRoles.Frontend, 1), new V1Pod
    {
        Metadata = new V1ObjectMeta { Name = name, Uid = $"u-{name}" },
        Spec = new V1PodSpec { Containers = [new V1Container { Name = "main" }] },
    });
}
