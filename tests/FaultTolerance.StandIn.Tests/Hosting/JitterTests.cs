using CsCheck;
using FaultTolerance.StandIn.Hosting;

namespace FaultTolerance.StandIn.Tests.Hosting;

public sealed class JitterTests
{
    [Fact]
    public void Spread_staysWithinTheWidth_andIsTheSameForTheSameSeedAndPod() =>
        Gen.Select(Gen.Double[0, 1], Gen.Long, Gen.String, Gen.Double[0, 1000]).Sample((width, seed, pod, milliseconds) =>
        {
            var time = TimeSpan.FromMilliseconds(milliseconds);
            var spread = new Jitter(width, seed, pod).Spread(time);
            return spread == new Jitter(width, seed, pod).Spread(time)
                && Math.Abs((spread - time).TotalMilliseconds) <= (width * milliseconds) + 0.001;
        });

    [Fact]
    public void SeedOf_differentPods_differ() => Assert.NotEqual(Jitter.SeedOf(1, "decode-0"), Jitter.SeedOf(1, "decode-1"));
}
