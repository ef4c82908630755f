using System.Text;
using CsCheck;
using FaultTolerance.Artefacts.Reading;
using FaultTolerance.Tests.Results;
using FaultTolerance.Runs;

namespace FaultTolerance.Tests.Artefacts.Reading;

public sealed class IsoStampTests
{
    private static readonly Gen<DateTimeOffset> Instants = Gen.Long[0, DateTime.MaxValue.Ticks]
        .Select(ticks => new DateTimeOffset(ticks, TimeSpan.Zero));

    [Fact]
    public void TryParse_reads_back_both_forms_of_the_clock() => Instants.Sample(instant =>
    {
        Assert.Equal(new IsoStamp(instant.Ticks, false), Parse(RunClock.Format(instant)));
        Assert.Equal(new IsoStamp(instant.Ticks / 10 * 10, true), Parse(RunClock.FormatLegacy(instant)));
    });

    [Theory]
    [InlineData("2026-01-02T03:04:05", true, 0)]
    [InlineData("2026-01-02 03:04:05.5", true, 5_000_000)]
    [InlineData("2026-01-02T03:04:05.123456789Z", false, 1_234_567)]
    [InlineData("2026-01-02T05:04:05+02:00", false, 0)]
    [InlineData("2026-01-01T21:34:05-0530", false, 0)]
    public void TryParse_reads_every_form(string text, bool naive, long beyond) =>
        Assert.Equal(new IsoStamp(ArtefactFolder.Zero.Ticks + beyond, naive), Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("2026-01-02")]
    [InlineData("2026-13-02T03:04:05")]
    [InlineData("2026-02-30T03:04:05")]
    [InlineData("2026-01-02T24:04:05")]
    [InlineData("2026-01-02T03:04:05.")]
    [InlineData("2026-01-02T03:04:05Zulu")]
    [InlineData("2026-01-02T03:04:05+2")]
    [InlineData("+026-01-02T03:04:05")]
    public void TryParse_refuses_the_rest(string text) => Assert.Null(Parse(text));

    [Fact]
    public void TryParse_never_throws() => Gen.Byte.Array[0, 40].Sample(bytes => IsoStamp.TryParse(bytes, out _) || bytes.Length >= 0);

    private static IsoStamp? Parse(string text) => IsoStamp.TryParse(Encoding.UTF8.GetBytes(text), out var stamp) ? stamp : null;
}
