using System.Net;
using FaultTolerance.StandIn.Tests.Support;

namespace FaultTolerance.StandIn.Tests.Processes;

/// <summary>What stands in the place of etcd and NATS.</summary>
public sealed class PlatformTests
{
    private const int Terminate = 15;

    [Fact]
    public async Task Platform_isHealthyAsEtcdAndAsNats_untilItIsToldToStop()
    {
        // It follows from the process id, so that two runs of the tests at once have their own.
        var address = new IPAddress([127, 19, (byte)(1 + (Environment.ProcessId % 250)), 3]);
        await using var part = StandInProcess.Start(
            "stand-in", new Dictionary<string, string>(StringComparer.Ordinal) { ["POD_IP"] = address.ToString() }, "platform", "2379");
        using var client = new HttpClient { BaseAddress = new Uri($"http://{address}:2379") };
        await Eventually.TrueAsync(() => part.Lines.Any(line => line.Contains("ready at", StringComparison.Ordinal)), "it listens");

        Assert.Equal("""{"health":"true"}""", await client.GetStringAsync("/health", TestContext.Current.CancellationToken));
        Assert.Equal("""{"status":"ok"}""", await client.GetStringAsync("/healthz", TestContext.Current.CancellationToken));

        StandInProcess.Kill(part.Id, Terminate);
        Assert.Equal(0, await part.ExitCodeAsync());
    }

    [Theory]
    [InlineData()]
    [InlineData("etcd")]
    [InlineData("0")]
    [InlineData("2379", "8222")]
    public async Task Platform_withoutOnePort_saysWhatItNeeds(params string[] ports)
    {
        await using var part = StandInProcess.Start("stand-in", new Dictionary<string, string>(StringComparer.Ordinal), ["platform", .. ports]);

        Assert.Equal(2, await part.ExitCodeAsync());
        Assert.Contains(part.Lines, line => line.Contains("give one port, from 1 to 65535", StringComparison.Ordinal));
    }
}
