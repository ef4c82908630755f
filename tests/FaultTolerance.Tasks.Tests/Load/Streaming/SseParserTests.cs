using System.Text;
using CsCheck;
using FaultTolerance.Load.Http;
using FaultTolerance.Load.Support;

namespace FaultTolerance.Load.Streaming;

public sealed class SseParserTests
{
    private sealed class Events : List<string>, ISseHandler
    {
        public void OnEvent(ReadOnlySpan<byte> data) => Add(Encoding.UTF8.GetString(data));

        public void OnError(ReadOnlySpan<byte> data) => Add("error:" + Encoding.UTF8.GetString(data));

        public void OnBare(ReadOnlySpan<byte> line) => Add("bare:" + Encoding.UTF8.GetString(line));

        public void OnCut(ReadOnlySpan<byte> data) => Add("cut:" + Encoding.UTF8.GetString(data));
    }

    [Theory]
    [InlineData("data: a\n\ndata: b\n\n", "a|b")]
    [InlineData("data:a\r\n\r\ndata:  b\r\n\r\n", "a| b")]
    [InlineData("data: a\rdata: b\r\r", "a\nb")]
    [InlineData("\uFEFFdata: a\n\n", "a")]
    [InlineData(": comment\nevent: message\nid: 1\ndata: a\n\n", "a")]
    [InlineData("event: note\ndata: a\n\ndata: b\n\n", "b")]
    [InlineData("event: note\ndata: {\"choices\":[]}\n\n", "{\"choices\":[]}")]
    [InlineData("event: error\ndata: a\n\ndata: b\n\n", "error:a|b")]
    [InlineData("event: error\n: why\n\ndata: b\n\n", "error:why|b")]
    [InlineData(": why\nevent: error\n\n", "error:why")]
    [InlineData("event: error\n: why\n", "error:why")]
    [InlineData("error: {}\n", "error:{}")]
    [InlineData("{\"a\":1}", "bare:{\"a\":1}")]
    [InlineData("data: [DONE]\n", "[DONE]")]
    [InlineData("data:  [DONE] ", " [DONE] ")]
    [InlineData("data: [DONE]\n\n", "[DONE]")]
    [InlineData("data\n\n", "")]
    [InlineData("data: a\n\ndata: b, since no empty line ends it\n", "a|cut:b, since no empty line ends it")]
    [InlineData("database: x\n\ndata: a\n\n", "a")]
    public void Feed_events_are_those_of_the_standard(string stream, string expected) =>
        Assert.Equal(expected, string.Join('|', Feed(Encoding.UTF8.GetBytes(stream), [])));

    [Fact]
    public void Feed_any_split_gives_the_same_events() =>
        Gen.Select(
                Gen.OneOf(
                    Gen.Char["ab é:{}\""].Array[0, 12].Select(c => "data: " + new string(c)),
                    Gen.Const("data: x"),
                    Gen.Const(""),
                    Gen.Const(": c"),
                    Gen.Const("data"),
                    Gen.Const("event: error"),
                    Gen.Const("event: x"),
                    Gen.Const("data: [DONE]"),
                    Gen.Const("{}")
                ).Array[0, 30],
                Gen.OneOf(Gen.Const("\n"), Gen.Const("\r\n"), Gen.Const("\r")),
                Gen.Int[1, 9].Array[1, 40]
            )
            .Sample(
                (lines, end, cuts) =>
                {
                    var bytes = Encoding.UTF8.GetBytes(string.Concat(lines.Select(l => l + end)) + end);
                    Assert.Equal(Feed(bytes, []), Feed(bytes, cuts));
                    Assert.Equal(Feed(bytes, []), Feed(bytes, [1]));
                }
            );

    [Fact]
    public void Feed_tokens_that_lie_whole_in_a_part_are_read_where_they_lie()
    {
        var parser = new SseParser();
        var answer = new StreamedAnswer();
        var part = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 50).Select(i => Bodies.Chunk("w" + i + " "))));
        void Answer()
        {
            answer.Reset();
            for (var i = 0; i < 20; i++)
            {
                parser.Feed(part, answer);
            }
        }

        // The first answer makes the buffers as large as an answer is; they are kept for those after it.
        Answer();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Answer();

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(1000, answer.Facts.Events);
    }

    [Fact]
    public void Feed_endless_event_is_refused()
    {
        var parser = new SseParser();
        Assert.Throws<HttpFormatException>(() =>
        {
            for (var i = 0; i < 100; i++)
            {
                parser.Feed(new byte[64 * 1024], new Events());
            }
        });
    }

    // The bytes are cut into parts of the given lengths, in turn; none: all at once.
    private static Events Feed(byte[] bytes, int[] cuts)
    {
        var parser = new SseParser();
        var events = new Events();
        for (int at = 0, i = 0; at < bytes.Length; i++)
        {
            var length = cuts.Length == 0 ? bytes.Length : Math.Min(cuts[i % cuts.Length], bytes.Length - at);
            // A copy of its own, overwritten afterwards: what the parser still needs must not lie in the part.
            var part = bytes.AsSpan(at, length).ToArray();
            parser.Feed(part, events);
            Array.Fill(part, (byte)'#');
            at += length;
        }

        parser.End(events);

        return events;
    }
}
