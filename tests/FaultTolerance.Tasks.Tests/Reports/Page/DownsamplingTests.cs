using CsCheck;
using FaultTolerance.Reports.Page.Figure;

namespace FaultTolerance.Tests.Reports.Page;

public sealed class DownsamplingTests
{
    private static readonly Gen<Dot[]> Dots = Gen.Select(Gen.Long[0, 1_000_000], Gen.Double[0.001, 30])
        .Select((at, seconds) => new Dot(at, seconds))
        .Array[0, 2000];

    [Fact]
    public void Thin_keeps_to_the_limit_and_invents_nothing() =>
        Gen.Select(Dots, Gen.Int[4, 500])
            .Sample(
                (dots, limit) =>
                {
                    var kept = Downsampling.Thin([.. dots], limit);
                    return kept.Count <= Math.Max(limit, 4)
                        && kept.All(dots.Contains)
                        && kept.SequenceEqual(kept.OrderBy(dot => dot.At).ThenBy(dot => dot.Seconds));
                }
            );

    [Fact]
    public void Thin_keeps_the_slowest_and_the_fastest_of_every_stretch() => Gen.Select(Dots, Gen.Int[4, 500]).Sample((dots, limit) =>
    {
        var kept = Downsampling.Thin([.. dots], limit);
        if (dots.Length <= limit)
        {
            return kept.Count == dots.Length;
        }

        var (first, last) = (dots.Min(dot => dot.At), dots.Max(dot => dot.At));
        var width = ((last - first) / (limit / 4)) + 1;
        return dots.GroupBy(dot => (dot.At - first) / width).All(stretch =>
            kept.Contains(stretch.MaxBy(dot => (dot.Seconds, -dot.At))) && kept.Contains(stretch.MinBy(dot => (dot.Seconds, dot.At))));
    });

    [Fact]
    public void Thin_keeps_of_a_stretch_what_sorting_it_would_find() =>
        Gen.Select(Gen.Long[0, 50], Gen.Int[1, 8]).Select((at, tenths) => new Dot(at, tenths / 10.0)).Array[5, 200].Sample(dots =>
        {
            var sorted = dots.OrderBy(dot => dot.Seconds).ThenBy(dot => dot.At).ToArray();
            Dot[] expected =
            [
                sorted[0], sorted[sorted.Length / 3], sorted[sorted.Length * 2 / 3], sorted.First(dot => dot.Seconds == sorted[^1].Seconds),
            ];

            return Downsampling.Thin([.. dots], 4).SequenceEqual(expected.OrderBy(dot => dot.At).ThenBy(dot => dot.Seconds));
        });
}
