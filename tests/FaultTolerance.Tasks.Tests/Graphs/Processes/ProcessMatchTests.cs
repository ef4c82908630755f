using CsCheck;
using FaultTolerance.Faults.Processes;
using FaultTolerance.Graphs.Processes;

namespace FaultTolerance.Tests.Graphs.Processes;

public sealed class ProcessMatchTests
{
    [Fact]
    public void Shell_that_wraps_a_match_is_left_out()
    {
        var found = Find(
            "dynamo.frontend",
            P(1, 0, "sh", "/bin/sh -c python3 -m dynamo.frontend"),
            P(7, 1, "python3", "python3 -m dynamo.frontend")
        );
        Assert.Equal([7], found);
    }

    [Theory]
    [InlineData("tini", "/usr/bin/tini -- python3 -m dynamo.frontend")]
    [InlineData("docker-init", "/sbin/docker-init -- python3 -m dynamo.frontend")]
    [InlineData("dumb-init", "dumb-init python3 -m dynamo.frontend")]
    [InlineData("catatonit", "/usr/libexec/podman/catatonit -P python3 -m dynamo.frontend")]
    [InlineData("s6-supervise", "s6-supervise dynamo.frontend")]
    [InlineData("timeout", "timeout 3600 python3 -m dynamo.frontend")]
    public void Init_that_wraps_a_match_is_left_out(string name, string commandLine)
    {
        Assert.Equal([7], Find("dynamo.frontend", P(1, 0, name, commandLine), P(7, 1, "python3", "python3 -m dynamo.frontend")));
        Assert.Equal(
            [8],
            Find(
                "dynamo.frontend",
                P(1, 0, name, commandLine),
                P(7, 1, "sh", "sh -c python3 -m dynamo.frontend"),
                P(8, 7, "python3", "python3 -m dynamo.frontend")
            )
        );
        Assert.Equal([1], Find("dynamo.frontend", P(1, 0, name, commandLine)));
    }

    [Theory]
    [InlineData("0000000000004002,0000000000000000", true)]
    [InlineData("0000000000000000,0000000000004002", true)]
    [InlineData("0000000000004002", true)]
    [InlineData("0000000000000000,0000000000000000", false)]
    public void Signal_is_taken_by_a_handler_or_by_being_held_back_to_be_waited_for(string masks, bool expected)
    {
        var fields = string.Join(' ', Enumerable.Range(5, 17));
        Assert.Equal(expected, ContainerProcess.Parse($"P|{masks};1 (tini) S 0 {fields} 4711 0 0|tini")!.Takes(Signals.Number("SIGTERM")));
        Assert.Null(ContainerProcess.Parse($"P|,;1 (tini) S 0 {fields} 4711 0 0|tini")!.Takes(2));
    }

    [Fact]
    public void Shell_that_is_the_only_match_is_meant()
    {
        Assert.Equal([1], Find("dynamo.frontend", P(1, 0, "sh", "sh /dynamo.frontend.sh")));
    }

    [Fact]
    public void Parent_that_is_no_shell_is_meant_too()
    {
        Assert.Equal(
            [1, 7],
            Find("dynamo.vllm", P(1, 0, "python3", "python3 -m dynamo.vllm"), P(7, 1, "python3", "python3 -m dynamo.vllm"))
        );
    }

    [Fact]
    public void Zombies_and_the_search_are_left_out()
    {
        Assert.Empty(
            Find(
                "x",
                P(2, 1, "x", "x") with
                {
                    State = 'Z',
                },
                P(9, 0, "sh", $"/bin/sh -c ... {ProcessScript.Marker} x"),
                P(8, 0, "nsenter", $"nsenter sh -c {ProcessScript.Marker} x")
            )
        );
    }

    [Fact]
    public void Parse_reads_names_with_blanks_and_brackets()
    {
        Gen.Char["ab ()|;"].Array[0, 15].Select(c => new string(c)).Where(n => !n.Contains('|', StringComparison.Ordinal)).Sample(name =>
        {
            var fields = string.Join(' ', Enumerable.Range(5, 17).Select(i => $"{i}"));
            var process = ContainerProcess.Parse($"P|0000000000004002;42 ({name}) S 7 {fields} 4711 0 0 |python3 -m a|b ");
            return process is { Pid: 42, Parent: 7, State: 'S', Start: 4711, CommandLine: "python3 -m a|b" }
                && process.Name == name && process.Takes(2) == true && process.Takes(9) == false;
        });
    }

    [Theory]
    [InlineData("")]
    [InlineData("T")]
    [InlineData("P|;|")]
    [InlineData("P|0;12 (x) S|y")]
    [InlineData("P|0;x (x) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20|y")]
    public void Parse_of_anything_else_is_nothing(string line) => Assert.Null(ContainerProcess.Parse(line));

    private static int[] Find(string pattern, params ContainerProcess[] processes) =>
        [.. ProcessMatch.Find(processes, pattern, joined: false).Select(p => p.Pid)];

    [Theory]
    [InlineData(0, 0, false)]
    [InlineData(8, 0, false)]
    [InlineData(8, 3, true)]
    [InlineData(3, 0, true)]
    public void SeesItsNode_when_what_started_the_search_can_be_seen(int parentOfSearch, int parentOfWrapper, bool expected)
    {
        var processes = new[]
        {
            P(1, 0, "init", "init"),
            P(3, 1, "cluster", "the cluster"),
            P(9, parentOfSearch, "sh", $"/bin/sh -c ... {ProcessScript.Marker} x"),
            P(8, parentOfWrapper, "nsenter", $"nsenter sh -c {ProcessScript.Marker} x"),
        };

        Assert.Equal(expected, ProcessMatch.SeesItsNode(processes));
    }

    [Fact]
    public void SeesItsNode_where_an_earlier_fault_is_still_at_work_is_false()
    {
        // Their shells have ended: the container's own PID 1 is their parent now, and neither is to be killed.
        var processes = new[]
        {
            P(1, 0, "python3", "python3 -m dynamo.vllm"),
            P(7, 1, "VLLM::EngineCor", "VLLM::EngineCore"),
            P(20, 1, "sh", $"/bin/sh -c wait_out {ProcessScript.Marker} {ProcessScript.WorkPrefix}1-1-1 32 7 4711"),
            P(21, 20, "sleep", "sleep 1"),
            P(30, 1, "sh", $"/bin/sh -c while :; do :; done {ProcessScript.Marker} {ProcessScript.WorkPrefix}1-2-1 32 1"),
            P(40, 0, "sh", $"/bin/sh -c ... {ProcessScript.Marker}"),
        };

        Assert.False(ProcessMatch.SeesItsNode(processes));
        Assert.Equal([1, 7], ProcessMatch.Others(processes).Select(p => p.Pid));
    }

    [Fact]
    public void SeesItsNode_where_that_work_and_the_search_have_parents_there_is_true()
    {
        var processes = new[]
        {
            P(1, 0, "systemd", "/sbin/init"),
            P(5, 1, "containerd-shim", "containerd-shim"),
            P(20, 5, "sh", $"/bin/sh -c wait_out {ProcessScript.Marker} {ProcessScript.WorkPrefix}1-1-1 32 7 4711"),
            P(40, 5, "sh", $"/bin/sh -c ... {ProcessScript.Marker}"),
        };

        Assert.True(ProcessMatch.SeesItsNode(processes));
    }

    private static ContainerProcess P(int pid, int parent, string name, string commandLine) =>
        new(pid, parent, 'S', 1, 0, name, commandLine);
}
