using CsCheck;
using FaultTolerance.Faults;
using FaultTolerance.Graphs;
using FaultTolerance.Graphs.Pods;
using FaultTolerance.Scenarios;
using k8s.Models;

namespace FaultTolerance.Tests.Faults;

public sealed class PodSelectorTests
{
    [Theory]
    [InlineData(SelectionMode.First, 1, "0")]
    [InlineData(SelectionMode.Count, 3, "0,1,2")]
    [InlineData(SelectionMode.Count, 9, "0,1,2,3,4")]
    [InlineData(SelectionMode.Percent, 1, "0")]
    [InlineData(SelectionMode.Percent, 20, "0")]
    [InlineData(SelectionMode.Percent, 21, "0,1")]
    [InlineData(SelectionMode.Percent, 100, "0,1,2,3,4")]
    [InlineData(SelectionMode.All, 0, "0,1,2,3,4")]
    internal void Choose_takes_from_the_front(SelectionMode mode, int count, string expected) =>
        Assert.Equal(expected, Names(PodSelector.Choose(Pods(5), new PodSelection(mode, count), 1)));

    [Theory]
    [InlineData(PodRole.Any, "lws-0,lws-0-1,grove-ldr-x,grove-wkr-x", "lws-0,grove-ldr-x,lws-0-1,grove-wkr-x")]
    [InlineData(PodRole.Leader, "lws-0,lws-0-1,grove-ldr-x,grove-wkr-x", "lws-0,grove-ldr-x")]
    [InlineData(PodRole.Worker, "lws-0,lws-0-1,grove-ldr-x,grove-wkr-x", "lws-0-1,grove-wkr-x")]
    internal void Of_tells_leaders_from_workers_by_what_LeaderWorkerSet_and_Grove_write(PodRole role, string pods, string expected)
    {
        var service = new GraphService("decode", "decode", 2) { Nodes = 2 };
        GraphPod Pod(string name)
        {
            var labels = new Dictionary<string, string>(StringComparer.Ordinal);
            if (name.StartsWith("lws", StringComparison.Ordinal))
            {
                labels["leaderworkerset.sigs.k8s.io/worker-index"] = name == "lws-0" ? "0" : "1";
            }
            else
            {
                labels["grove.io/podclique"] = name[..^2];
            }

            return new GraphPod(service, new V1Pod { Metadata = new V1ObjectMeta { Name = name, Labels = labels } });
        }

        Assert.Equal(expected, Names(PodSelector.Of(pods.Split(',').Select(Pod), service, role)));
    }

    [Fact]
    public void Of_a_service_whose_replicas_are_one_pod_knows_no_leader() =>
        Assert.Equal("FT0232", Assert.Throws<FaultMatrixException>(
            () => PodSelector.Of([], new GraphService("decode", "decode", 2), PodRole.Leader)).Code);

    [Fact]
    public void Choose_passes_over_pods_being_deleted()
    {
        var pods = Pods(3);
        pods[0].Object.Metadata.DeletionTimestamp = DateTime.UnixEpoch;
        Assert.Equal("1", Names(PodSelector.Choose(pods, PodSelection.First, 1)));
    }

    [Theory]
    [InlineData(SelectionMode.First, 1, "2")]
    [InlineData(SelectionMode.Count, 2, "2,3")]
    [InlineData(SelectionMode.Count, 3, "0,1,2")]
    [InlineData(SelectionMode.All, 0, "0,1,2,3")]
    internal void Choose_takes_pods_that_do_not_run_only_where_there_are_too_few_others(SelectionMode mode, int count, string expected) =>
        Assert.Equal(expected, Names(PodSelector.Choose(Pods(4), new PodSelection(mode, count), 1, pod => pod.Name is "2" or "3")));

    [Fact]
    public void Random_choice_is_as_many_different_ones_in_order_and_the_same_for_a_seed()
    {
        Gen.Select(Gen.Int[0, 20], Gen.Int[1, 25], Gen.Int).Sample((there, count, seed) =>
        {
            var pods = Pods(there);
            var chosen = PodSelector.Choose(pods, new PodSelection(SelectionMode.Random, count), seed);
            var again = PodSelector.Choose(pods, new PodSelection(SelectionMode.Random, count), seed);
            return chosen.Count == Math.Min(there, count) && chosen.SequenceEqual(again)
                && chosen.Distinct().Count() == chosen.Count && chosen.SequenceEqual(pods.Where(chosen.Contains));
        });
    }

    [Fact]
    public void Random_choice_reaches_every_pod()
    {
        var hit = Enumerable
            .Range(0, 100)
            .Select(seed => Names(PodSelector.Choose(Pods(4), new PodSelection(SelectionMode.Random, 1), seed)));
        Assert.Equal(4, hit.Distinct(StringComparer.Ordinal).Count());
    }

    private static string Names(IEnumerable<GraphPod> pods) => string.Join(',', pods.Select(p => p.Name));

    private static GraphPod[] Pods(int count) =>
        [
            .. Enumerable
                .Range(0, count)
                .Select(i => new GraphPod(
                    new GraphService("s", "decode", count),
                    new V1Pod
                    {
                        Metadata = new V1ObjectMeta { Name = $"{i}", Uid = $"u{i}" },
                    }
                )),
        ];
}
