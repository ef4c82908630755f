using FaultTolerance.Load.Health;

namespace FaultTolerance.Tests.Load.Health;

public sealed class MachineWorkTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("faultmatrix-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Now_reads_what_was_used_and_what_waited()
    {
        // user nice system idle iowait irq softirq steal guest guest_nice
        Write("cpu  100 1 50 700 40 2 3 4 60 1\ncpu0 1 1 1 1\n",
            "some avg10=0.00 avg60=0.00 avg300=0.00 total=123456\nfull avg10=0.00 total=9\n");

        Assert.Equal(new MachineWork(160, 900, 123456), MachineWork.Now(_folder));
    }

    [Fact]
    public void Since_gives_shares_of_the_time_between()
    {
        var (before, after) = (new MachineWork(100, 1000, 2_000_000), new MachineWork(250, 1200, 3_000_000));

        Assert.Equal((0.75, 0.25), (after.BusySince(before), after.WaitedSince(before, seconds: 4)));
        Assert.Null(before.BusySince(before));
        Assert.Null(after.WaitedSince(before with { Waited = null }, seconds: 4));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("cpu 1 2 3\n")]
    [InlineData("cpu a b c d e f g h i\n")]
    [InlineData("intr 1 2 3 4 5 6 7 8 9\n")]
    public void Now_without_counts_is_null(string? stat)
    {
        Write(stat, "some total=1\n");

        Assert.Null(MachineWork.Now(_folder));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("some avg10=0.00\n")]
    [InlineData("full avg10=0.00 total=9\n")]
    public void Now_without_pressure_tells_what_was_used_alone(string? pressure)
    {
        Write("cpu  1 1 1 1 1 1 1 1 0 0\n", pressure);

        Assert.Equal(new MachineWork(6, 8, null), MachineWork.Now(_folder));
    }

    private void Write(string? stat, string? pressure)
    {
        if (stat is not null)
        {
            File.WriteAllText(Path.Combine(_folder, "stat"), stat);
        }

        if (pressure is not null)
        {
            Directory.CreateDirectory(Path.Combine(_folder, "pressure"));
            File.WriteAllText(Path.Combine(_folder, "pressure", "cpu"), pressure);
        }
    }
}
