using System.Globalization;
using FaultMatrix.Build.Model;
using FaultMatrix.Build.Reporting;
using Microsoft.Extensions.Time.Testing;

namespace FaultMatrix.Build.Tests.Reporting;

public sealed class BuildLogTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("faultmatrix-log-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Write_keeps_lines_without_colour_and_build_log_is_the_latest()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        var console = new FrontConsole(output, colour: true, time);
        for (var run = 0; run < 8; run++)
        {
            time.Advance(TimeSpan.FromMinutes(1));
            using var log = BuildLog.Open(_folder, time)!;
            console.Log = log;
            console.Line(Level.Error, $"run {run}");
        }

        Assert.EndsWith("[ERR] run 7\n", File.ReadAllText(Path.Combine(_folder, "build.log")), StringComparison.Ordinal);
        Assert.Equal(5, Directory.GetFiles(_folder, "build.2026*.log").Length);
    }

    [Fact]
    public void Open_folder_that_cannot_be_made_is_no_error()
    {
        var file = Path.Combine(_folder, "file");
        File.WriteAllText(file, "");
        Assert.Null(BuildLog.Open(Path.Combine(file, "below"), TimeProvider.System));
    }
}
