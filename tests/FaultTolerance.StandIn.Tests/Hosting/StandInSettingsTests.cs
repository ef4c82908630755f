using System.Net;
using FaultTolerance.StandIn.Hosting;

namespace FaultTolerance.StandIn.Tests.Hosting;

public sealed class StandInSettingsTests
{
    [Fact]
    public void FromEnvironment_variables_haveTheirUnits()
    {
        var variables = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["STANDIN_ENGINE_START_SECONDS"] = "145",
            ["STANDIN_TOKEN_MS"] = "11.2",
            ["STANDIN_TRANSFER_MS"] = "700",
            ["DYN_LOGGING_JSONL"] = "True",
            ["DYN_SYSTEM_PORT"] = "9091",
        };

        var settings = StandInSettings.FromEnvironment(name => variables.GetValueOrDefault(name));

        Assert.Equal(TimeSpan.FromSeconds(145), settings.EngineStart);
        Assert.Equal(TimeSpan.FromMilliseconds(11.2), settings.Token);
        Assert.Equal(TimeSpan.FromMilliseconds(700), settings.Transfer);
        Assert.Equal(TimeSpan.FromMilliseconds(10), settings.Prefill);
        Assert.True(settings.JsonLines);
        Assert.Equal(9091, settings.SystemPort);
    }

    [Theory]
    [InlineData("STANDIN_JITTER", "2")]
    [InlineData("STANDIN_PREFILL_MS", "-1")]
    [InlineData("STANDIN_MAX_RUNNING", "0")]
    [InlineData("STANDIN_ENGINE_START_SECONDS", "soon")]
    [InlineData("DYN_SYSTEM_PORT", "NaN")]
    public void FromEnvironment_outOfRange_namesTheVariable(string name, string value)
    {
        var mistake = Assert.Throws<UsageException>(() => StandInSettings.FromEnvironment(variable => variable == name ? value : null));

        Assert.Contains(name, mistake.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.1.2.3", "127.1.2.3")]
    [InlineData("10.244.0.7", "0.0.0.0")]
    [InlineData(null, "0.0.0.0")]
    public void BindAddress_isThePodsOwnOnLoopbackOnly(string? podIp, string expected) =>
        Assert.Equal(IPAddress.Parse(expected), BindAddress.For(podIp));
}
