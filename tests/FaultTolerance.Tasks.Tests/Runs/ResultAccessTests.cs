using FaultTolerance.Artefacts.ClientLogs;
using FaultTolerance.Artefacts.Events;
using FaultTolerance.Reports;
using FaultTolerance.Runs;

namespace FaultTolerance.Tests.Runs;

/// <summary>Who may read a run: its owner, or others too where that was asked for.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class ResultAccessTests : IDisposable
{
    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private readonly string _results = Directory.CreateTempSubdirectory("access-").FullName;

    public void Dispose() => Directory.Delete(_results, recursive: true);

    [Fact]
    public void Everything_of_a_run_is_its_owners_alone()
    {
        var folder = Make(shared: false);

        Assert.All(Entries(folder), entry => Assert.True((File.GetUnixFileMode(entry) & Others) == UnixFileMode.None, entry));
    }

    [Fact]
    public void Everything_of_a_shared_run_can_be_read_by_whom_its_folder_lets_in()
    {
        var folder = Make(shared: true);

        // As far as the umask of this machine lets them.
        var asked = File.GetUnixFileMode(folder) & (UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        Assert.All(
            Entries(folder),
            entry => Assert.True((File.GetUnixFileMode(entry) & (UnixFileMode.GroupRead | UnixFileMode.OtherRead)) == asked, entry)
        );
        Assert.All(
            Entries(folder),
            entry => Assert.True((File.GetUnixFileMode(entry) & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) == UnixFileMode.None, entry)
        );
    }

    [Fact]
    public void Results_folder_itself_is_made_as_others_are()
    {
        Make(shared: false);
        var plain = Directory.CreateDirectory(Path.Combine(_results, "plain")).FullName;

        Assert.Equal(File.GetUnixFileMode(plain), File.GetUnixFileMode(Path.Combine(_results, "results")));
    }

    // What each way to make a file in a run's folder makes.
    private string Make(bool shared)
    {
        var clock = RunClock.Start(TimeProvider.System);
        var run = RunFolder.Create(
            Path.Combine(_results, "results"),
            new RunManifest
            {
                Id = "r1",
                Anchor = clock.Anchor,
                TimestampFrequency = 1,
                BootId = "",
                Profile = "p",
                Scenarios = ["s"],
                Seed = 1,
                Namespace = "n",
            },
            shared
        );
        var scenario = run.Scenario("s");
        ResultAccess.CreateFolder(Path.Combine(scenario.Path, "Service", "restarts"));
        using (var timeline = new TimelineWriter(scenario.Timeline, clock))
        using (var client = new ClientLogWriter(scenario.ClientLog(0), clock))
        using (new FileStream(Path.Combine(scenario.Path, "Service", "pod.log"), ResultAccess.NewFile(Path.Combine(scenario.Path, "Service", "pod.log"))))
        {
            timeline.Write(new ErrorNoted("FT0000", "x"));
            client.Open();
        }

        AtomicFile.WriteText(Path.Combine(run.Path, "summary.txt"), "x");
        return run.Path;
    }

    private static string[] Entries(string folder) => [folder, .. Directory.GetFileSystemEntries(folder, "*", SearchOption.AllDirectories)];
}
