using CsCheck;
using FaultTolerance.Results.Continuity;

namespace FaultTolerance.Tests.Results.Continuity;

public sealed class TextDifferenceTests
{
    // Tokens that repeat, as those of real texts do.
    private static readonly Gen<int[]> Texts = Gen.Int[0, 5].Array[0, 40];

    private static readonly Gen<int[]> DistinctTexts = Gen.Int[20, 120].Select(length => Enumerable.Range(0, length).ToArray());

    [Theory]
    [InlineData("a b c d", "a b c d", 0, 0, 0, 0)]
    [InlineData("a b c d", "a c d", 1, 0, 0, 0)]
    [InlineData("a b c d", "a b c", 1, 0, 0, 0)]
    [InlineData("a b c d", "a b b c d", 0, 1, 0, 0)]
    [InlineData("a b c d", "a b c b c d", 0, 2, 0, 0)]
    [InlineData("a b c d", "a b b b c d", 0, 2, 0, 0)]
    [InlineData("a b c d", "a a b c d", 0, 1, 0, 0)]
    [InlineData("a b c d", "a b c d d", 0, 1, 0, 0)]
    [InlineData("a b c d", "a b c a b c d", 0, 3, 0, 0)]
    [InlineData("a b c d", "a x b c d", 0, 0, 1, 0)]
    [InlineData("a b c d", "a x c d", 0, 0, 0, 1)]
    [InlineData("a b c d", "a x d", 1, 0, 0, 1)]
    [InlineData("a b c d", "a x y z d", 0, 0, 1, 2)]
    [InlineData("a b c d e f", "a c d e e f", 1, 1, 0, 0)]
    [InlineData("a b c d", "", 4, 0, 0, 0)]
    [InlineData("", "a b", 0, 0, 2, 0)]
    internal void Of_two_texts_tells_each_place_apart(string expected, string got, long lost, long doubled, long added, long changed) =>
        Assert.Equal(new TextDifference(lost, doubled, added, changed), TextDifference.Of<string>(Words(expected), Words(got)));

    [Fact]
    public void Of_any_two_texts_explains_the_other_s_length_and_nothing_where_they_are_equal() => Gen.Select(Texts, Texts).Sample((a, b) =>
    {
        var found = TextDifference.Of<int>(a, b);

        Assert.Equal(b.Length, a.Length - found.Lost + found.Doubled + found.Added);
        Assert.Equal(a.SequenceEqual(b), found.Total == 0);
        Assert.InRange(found.Total, 0, Math.Max(a.Length, b.Length) + Math.Min(a.Length, b.Length));
        Assert.Equal(default, TextDifference.Of<int>(a, a));
    });

    [Fact]
    public void Of_a_text_with_runs_taken_out_counts_just_these() => Gen.Select(DistinctTexts, Gen.Int[0, 1_000_000], Gen.Int[1, 5]).Sample(
        (text, seed, places) =>
        {
            var lost = Enumerable.Range(0, places).Select(i => (seed + (i * 17)) % text.Length).ToHashSet();

            var found = TextDifference.Of<int>(text, [.. text.Where((_, i) => !lost.Contains(i))]);

            Assert.Equal(new TextDifference(lost.Count, 0, 0, 0), found);
        });

    [Fact]
    public void Of_a_text_with_a_run_that_comes_twice_counts_the_run() => Gen.Select(DistinctTexts, Gen.Int[0, 1_000_000], Gen.Int[1, 9]).Sample(
        (text, seed, length) =>
        {
            var from = seed % (text.Length - length);
            int[] twice = [.. text[..(from + length)], .. text[from..]];

            Assert.Equal(new TextDifference(0, length, 0, 0), TextDifference.Of<int>(text, twice));
        });

    [Fact]
    public void Of_texts_that_take_too_many_steps_is_one_place()
    {
        var size = (int)Math.Sqrt(TextDifference.MostCells) + 1;
        int[] expected = [-1, .. Enumerable.Range(0, size), -2];
        int[] got = [-1, .. Enumerable.Range(0, size).Reverse(), 7, -2];

        Assert.Equal(new TextDifference(0, 0, 1, size), TextDifference.Of<int>(expected, got));
    }

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
