using CsCheck;
using FaultTolerance.Artefacts.Events;
using k8s.Models;

namespace FaultTolerance.Graphs.Pods;

public sealed class PodTransitionsTests
{
    private static readonly DateTime Start = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    [Fact]
    public void New_pod_is_added_only()
    {
        Assert.Equal(["added"], Changes(null, Pod()));
    }

    [Fact]
    public void Pod_seen_late_tells_all_that_its_status_tells()
    {
        Assert.Equal(
            ["added", "container_terminated", "restarted", "container_started", "ready"],
            Changes(null, Pod(Running(1, 5, ended: 3), ready: true))
        );
    }

    [Fact]
    public void Restart_seen_in_one_step_has_its_end_with_code_and_time()
    {
        var transitions = PodTransitions.Between(Pod(Running(0, 1), ready: true), Pod(Running(1, 10, ended: 9))).ToArray();
        Assert.Equal(["not_ready", "container_terminated", "restarted", "container_started"], transitions.Select(t => t.Change.ToText()));
        Assert.Equal((137, "Error", Start.AddSeconds(9)), (transitions[1].ExitCode, transitions[1].Reason, transitions[1].StatusAt));
        Assert.Equal(1, transitions[2].Restarts);
        Assert.Equal(Start.AddSeconds(10), transitions[3].StatusAt);
    }

    [Fact]
    public void End_is_told_once_though_it_moves_to_the_last_state()
    {
        var ended = Pod(Ended(0, 9));
        Assert.Equal(["container_terminated"], Changes(Pod(Running(0, 1)), ended));
        Assert.Equal(["restarted", "container_started"], Changes(ended, Pod(Running(1, 10, ended: 9))));
    }

    [Fact]
    public void Deletion_is_stamped_with_when_it_was_asked_for()
    {
        var after = Pod(Running(0, 1));
        after.Metadata.DeletionTimestamp = Start.AddSeconds(40);
        after.Metadata.DeletionGracePeriodSeconds = 30;
        var transition = Assert.Single(PodTransitions.Between(Pod(Running(0, 1)), after));
        Assert.Equal((PodChange.Terminating, Start.AddSeconds(10)), (transition.Change, transition.StatusAt));
        Assert.Equal(["deleted"], Changes(after, null));
    }

    [Fact]
    public void State_that_does_not_change_tells_nothing()
    {
        Gen.Select(Gen.Int[0, 3], Gen.Bool, Gen.Bool).Sample(c =>
        {
            var (restarts, ready, deleting) = c;
            V1Pod Make()
            {
                var pod = Pod(restarts > 0 ? Running(restarts, 10 * restarts, (10 * restarts) - 1) : Running(0, 1), ready);
                pod.Metadata.DeletionTimestamp = deleting ? Start : null;
                return pod;
            }

            return !PodTransitions.Between(Make(), Make()).Any();
        });
    }

    // However the states on the way are coalesced, restarts and readiness told add up to the last state.
    [Fact]
    public void Any_way_through_the_states_ends_at_the_same_sums()
    {
        Gen.Select(Gen.Int[0, 2], Gen.Bool).Array[1, 12].Sample(steps =>
        {
            V1Pod? before = null;
            var (restarts, seconds, ready, started) = (0, 1, false, 0);
            foreach (var (crash, isReady) in steps)
            {
                seconds += 10;
                if (crash > 0)
                {
                    restarts++;
                }

                var after = Pod(restarts == 0 ? Running(0, 1) : Running(restarts, crash > 0 ? seconds : StartedAt(before), crash > 0 ? seconds - 1 : EndedAt(before)), isReady);
                foreach (var transition in PodTransitions.Between(before, after))
                {
                    ready = transition.Change switch { PodChange.Ready => true, PodChange.NotReady => false, _ => ready };
                    started += transition.Change == PodChange.ContainerStarted ? 1 : 0;
                }

                before = after;
            }

            return ready == steps[^1].Item2 && started == Math.Max(1, restarts + (steps[0].Item1 > 0 ? 0 : 1));
        });
    }

    private static int StartedAt(V1Pod? pod) => (int)(pod!.Status.ContainerStatuses[0].State.Running.StartedAt!.Value - Start).TotalSeconds;

    private static int EndedAt(V1Pod? pod) =>
        (int)(pod!.Status.ContainerStatuses[0].LastState.Terminated.FinishedAt!.Value - Start).TotalSeconds;

    private static string[] Changes(V1Pod? before, V1Pod? after) =>
        [.. PodTransitions.Between(before, after).Select(t => t.Change.ToText())];

    internal static V1Pod Pod(V1ContainerStatus? status = null, bool ready = false) => new()
    {
        Metadata = new V1ObjectMeta { Name = "p", Uid = "u", CreationTimestamp = Start },
        Spec = new V1PodSpec { Containers = [new V1Container { Name = "main" }] },
        Status = new V1PodStatus
        {
            ContainerStatuses = status is null ? null : [status],
            Conditions = [new V1PodCondition { Type = "Ready", Status = ready ? "True" : "False" }],
        },
    };

    private static V1ContainerStatus Running(int restarts, int started, int? ended = null) => new()
    {
        Name = "main",
        RestartCount = restarts,
        ContainerID = $"c{restarts}",
        State = new V1ContainerState { Running = new V1ContainerStateRunning { StartedAt = Start.AddSeconds(started) } },
        LastState = ended is { } at ? new V1ContainerState { Terminated = Terminated(restarts - 1, at) } : null,
    };

    private static V1ContainerStatus Ended(int restarts, int at) => new()
    {
        Name = "main",
        RestartCount = restarts,
        ContainerID = $"c{restarts}",
        State = new V1ContainerState { Terminated = Terminated(restarts, at) },
    };

    private static V1ContainerStateTerminated Terminated(int number, int at) =>
        new() { ExitCode = 137, Reason = "Error", ContainerID = $"c{number}", FinishedAt = Start.AddSeconds(at) };
}
