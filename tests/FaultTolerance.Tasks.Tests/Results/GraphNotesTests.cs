using FaultTolerance.Artefacts.Events;
using FaultTolerance.Results;
using FaultTolerance.Tests.Deployments;
using Microsoft.Extensions.Time.Testing;

namespace FaultTolerance.Tests.Results;

/// <summary>What a row says of its graph beside its numbers.</summary>
public sealed class GraphNotesTests
{
    [Fact]
    public void Count_that_a_planner_changed_in_the_row_is_told_with_when()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        using var graph = new TestGraph(time);
        graph.Timeline.Write(new ReplicasChanged("VllmDecodeWorker", 1, 2));
        time.Advance(TimeSpan.FromSeconds(5));
        graph.Timeline.Write(new LoadStarted { Clients = 1, Planned = 1, Mode = null, WarmUp = 0, OutputTokens = 1 });
        time.Advance(TimeSpan.FromSeconds(2.5));
        graph.Timeline.Write(new ReplicasChanged("VllmDecodeWorker", 2, 3));

        Assert.Equal(
            "VllmDecodeWorker was to have 3 replicas instead of 2 from 2.5 s after the load's start: its planner, or somebody else, scaled it",
            Assert.Single(GraphNotes.Of(Timeline.Read(graph.Folder.Timeline))));
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 0)]
    public void Container_that_a_kill_did_not_bring_down_is_told(bool restarts, int expected)
    {
        using var graph = new TestGraph();
        graph.Timeline.Write(new LoadStarted { Clients = 1, Planned = 1, Mode = null, WarmUp = 0, OutputTokens = 1 });
        graph.Timeline.Write(new FaultLanded { Id = "1.1", Kind = "killProcess", Pod = "p", Uid = "u", Container = "main",
            Proof = "PID 7 is a zombie" });
        if (restarts)
        {
            graph.Timeline.Write(new PodChanged { Service = "decode", Pod = "p", Uid = "u", Change = PodChange.Restarted, Restarts = 1 });
        }

        var notes = GraphNotes.Of(Timeline.Read(graph.Folder.Timeline)).ToArray();

        Assert.Equal(expected, notes.Length);
        Assert.All(notes, note => Assert.Equal("container main of p never restarted after the kill: its main process lived on", note));
    }
}
