using System.Collections.Immutable;
using FaultTolerance.Results.Reading;

namespace FaultTolerance.Tests.Results;

public sealed class TimelineEventTests
{
    private static readonly DateTime At = new(2026, 1, 2, 3, 4, 5, 500, DateTimeKind.Utc);

    [Theory]
    [InlineData("2026-01-02T03:04:05.1000000Z", -400)]
    [InlineData("2026-01-02T03:04:05.0000000Z", 0)]
    [InlineData("2026-01-02T03:04:05.6000000Z", 0)]
    [InlineData("yesterday", 0)]
    [InlineData(null, 0)]
    public void Happened_is_the_pods_stamp_where_it_is_finer_than_a_second_and_not_later(string? stamp, int milliseconds)
    {
        var keys = ImmutableSortedDictionary<string, string>.Empty;
        var item = new TimelineEvent(At.Ticks, "pod", 1, stamp is null ? keys : keys.Add("statusAt", stamp));
        Assert.Equal(At.AddMilliseconds(milliseconds).Ticks, item.Happened);
    }
}
