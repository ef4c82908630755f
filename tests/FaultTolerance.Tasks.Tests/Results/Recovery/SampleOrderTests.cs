using CsCheck;
using FaultTolerance.Results.Recovery;

namespace FaultTolerance.Tests.Results.Recovery;

/// <summary>The order of requests, whichever way they came.</summary>
public sealed class SampleOrderTests
{
    private static readonly Gen<RequestSample> Sample = Gen.Select(
        Gen.Int[0, 3], Gen.OneOf(Gen.Long[0, 20], Gen.Long[0, long.MaxValue]), Gen.Long[0, 5], Gen.Bool,
        (client, start, end, ok) => new RequestSample(client, start, end, ok));

    [Fact]
    public void Sort_ofAnyRequests_isByStartThenClientThenEnd() => Sample.Array[0, 300].Sample(samples =>
    {
        var sorted = samples.ToArray();

        SampleOrder.Sort(sorted);

        Assert.Equal(Expected(samples), sorted);
    });

    // Enough for several threads; clients one behind the other, as logs are read.
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(50_000)]
    public void Sort_ofManyRequests_isByStartThenClientThenEnd(int distinct)
    {
        var random = new Random(19);
        RequestSample[] samples = [.. Enumerable.Range(0, 100_000)
            .Select(i => new RequestSample(i / 10_000, random.Next(distinct), random.Next(3), random.Next(2) == 0))];
        var sorted = samples.ToArray();

        SampleOrder.Sort(sorted);

        Assert.Equal(Expected(samples), sorted);
    }

    private static IEnumerable<RequestSample> Expected(RequestSample[] samples) =>
        samples.OrderBy(s => s.Start).ThenBy(s => s.Client).ThenBy(s => s.End).ThenBy(s => s.Ok);
}
