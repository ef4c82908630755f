using FaultTolerance.Load.Support;
namespace FaultTolerance.Load.Recording;

public sealed class ClientLogsTests
{
    [Fact]
    public async Task Disk_full_ends_the_load_with_one_error_and_closed_books()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "needs a device that is always full");
        using var fixture = new LoadFixture();
        File.CreateSymbolicLink(fixture.Folder.ClientLog(0), "/dev/full");
        await using var run = fixture.Start(
            LoadFixture.Fast with
            {
                RequestsPerClient = 1_000_000,
                RatePerClient = 1000,
            },
            new ScriptedService(s => s.ServeAsync())
        );

        var error = await Assert.ThrowsAsync<FaultMatrixException>(() => run.Completion);

        Assert.Equal("FT0502", error.Code);
        var ended = fixture.Events("load.ended").Single();
        Assert.Equal(2_000_000, ended.GetProperty("sent").GetInt64() + ended.GetProperty("notSent").GetInt64());
    }
}
