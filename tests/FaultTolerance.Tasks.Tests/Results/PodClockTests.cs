using static FaultTolerance.Tests.Results.ArtefactFolder;

namespace FaultTolerance.Tests.Results;

public sealed class PodClockTests
{
    private const string Scenario = "a-decode_worker";

    [Theory]
    [InlineData(3.5, 0.1, 10.0)]
    [InlineData(-2.0, 0.1, 15.5)]
    [InlineData(0.09, 0.1, 13.5)]
    public void Parse_pods_of_another_clock_are_corrected_by_the_measured_offset(double offset, double uncertainty, double recovery)
    {
        using var folder = new ArtefactFolder();
        folder.TestLog(Scenario, fault: 200);
        folder.Write(Scenario, "client_0.log.txt", LegacyLine(190, 1, true), LegacyLine(210, 2, true));
        folder.Write(
            Scenario,
            "VllmDecodeWorker/ft-a.log",
            $$"""{"time":"{{Utc(213.5)}}","message":"VllmWorker for Qwen has been initialized"}"""
        );
        folder.Write(
            Scenario,
            "timeline.jsonl",
            FormattableString.Invariant(
                $$"""{"at":"{{Utc(1)}}","event":"clock","offset":{{offset}},"roundTrip":0.001,"uncertainty":{{uncertainty}}}"""
            )
        );

        var row = Assert.Single(folder.Parse().Scenarios);

        Assert.Equal(recovery, row.Row.Recovery!.Value, 6);
        Assert.Equal(Math.Abs(offset) > uncertainty, row.Diagnostics.Any(finding => finding.Code == "FT0813"));
    }
}
