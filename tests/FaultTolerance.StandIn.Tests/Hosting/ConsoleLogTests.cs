using System.Text;
using FaultTolerance.StandIn.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace FaultTolerance.StandIn.Tests.Hosting;

public sealed class ConsoleLogTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2025, 9, 24, 10, 31, 2, TimeSpan.Zero).AddTicks(1234560));

    [Theory]
    [InlineData(
        true,
        "{\"time\":\"2025-09-24T10:31:02.123456Z\",\"level\":\"INFO\",\"target\":\"t\",\"message\":\"it's \\\"added\\\" model A/B\"}\n"
    )]
    [InlineData(false, "2025-09-24T10:31:02.123456Z INFO t: it's \"added\" model A/B\n")]
    public void Info_writesTheFormThatTheParserReads(bool jsonLines, string expected)
    {
        using var output = new MemoryStream();
        using (var log = new ConsoleLog(output, jsonLines, _time))
        {
            log.Info("t", "it's \"added\" model A/B");
        }

        Assert.Equal(expected, Encoding.UTF8.GetString(output.ToArray()));
    }
}
