using FaultTolerance.Artefacts.Events;
using FaultTolerance.Runs;

namespace FaultTolerance.Tests.Artefacts.Events;

public sealed class TimelineFollowerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("follower-").FullName;
    private readonly TimelineFollower _follower;

    public TimelineFollowerTests() => _follower = new TimelineFollower(Path);

    private string Path => System.IO.Path.Combine(_folder, "timeline.jsonl");

    [Fact]
    public void Next_no_file_yet_is_nothing() => Assert.Empty(_follower.Next());

    [Fact]
    public void Next_each_event_is_told_once_whoever_writes_it()
    {
        using var one = new TimelineWriter(Path, RunClock.Start(TimeProvider.System));
        using var other = new TimelineWriter(Path, RunClock.Start(TimeProvider.System));
        one.Write(new FaultIssued { Id = "1" });
        other.Write(new FaultIssued { Id = "2" });
        Assert.Equal(["1", "2"], _follower.Next().Cast<FaultIssued>().Select(fault => fault.Id));
        Assert.Empty(_follower.Next());

        one.Write(new FaultLanded { Id = "1" });

        Assert.IsType<FaultLanded>(Assert.Single(_follower.Next()));
    }

    [Fact]
    public void Next_half_a_line_waits_for_its_rest()
    {
        File.WriteAllText(Path, """{"at":"2026-01-01T00:00:00.0000000Z","event":"fault.issued","id""");
        Assert.Empty(_follower.Next());

        File.AppendAllText(Path, "\":\"7\"}\nnot json\n");

        Assert.Equal("7", Assert.IsType<FaultIssued>(Assert.Single(_follower.Next())).Id);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
