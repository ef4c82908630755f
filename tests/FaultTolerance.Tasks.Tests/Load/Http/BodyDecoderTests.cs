using System.Text;
using CsCheck;

namespace FaultTolerance.Load.Http;

public sealed class BodyDecoderTests
{
    [Fact]
    public void Next_any_chunks_and_any_split_give_the_same_content() =>
        Gen.Select(Gen.Int[1, 40].Array[0, 10], Gen.Bool, Gen.Bool, Gen.Int[1, 7].Array[1, 20]).Sample((sizes, extension, trailer, cuts) =>
        {
            var content = new StringBuilder();
            var wire = new StringBuilder();
            foreach (var size in sizes)
            {
                var text = new string((char)('a' + (size % 26)), size);
                content.Append(text);
                wire.Append($"{size:X}{(extension ? ";x=y" : "")}\r\n{text}\r\n");
            }

            wire.Append($"0\r\n{(trailer ? "t: 1\r\nu: 2\r\n" : "")}\r\nNEXT");
            var head = new ResponseHead { Status = 200, ContentLength = -1, Chunked = true };
            var (decoded, used, done) = Decode(head, Encoding.ASCII.GetBytes(wire.ToString()), cuts);
            Assert.Equal(content.ToString(), decoded);
            Assert.True(done);
            Assert.Equal(wire.Length - 4, used);
        });

    [Fact]
    public void Next_length_takes_no_byte_more()
    {
        var head = new ResponseHead { Status = 200, ContentLength = 5 };
        Assert.Equal(("hello", 5, true), Decode(head, "helloNEXT"u8.ToArray(), [2]));
    }

    [Theory]
    [InlineData("5\r\nhelloX")]
    [InlineData("\r\n")]
    [InlineData("-1\r\n")]
    [InlineData("7fffffffffffffffffff\r\n")]
    [InlineData("5\nhello")]
    public void Next_bad_framing_is_refused(string wire)
    {
        var head = new ResponseHead { Status = 200, ContentLength = -1, Chunked = true };
        Assert.Throws<HttpFormatException>(() => Decode(head, Encoding.ASCII.GetBytes(wire), [3]));
    }

    [Theory]
    [InlineData("HTTP/1.1 2000 OK")]
    [InlineData("HTTP/1.1 099 x")]
    [InlineData("HTTP/2 200")]
    [InlineData("HTTP/1.1 200 OK\r\ncontent-length: -5")]
    [InlineData("HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 6")]
    [InlineData("HTTP/1.1 200 OK\r\nno colon")]
    [InlineData("HTTP/1.1 200 OK\r\ntransfer-encoding: gzip")]
    public void Parse_bad_head_is_refused(string head) =>
        Assert.Throws<HttpFormatException>(() => ResponseHead.Parse(Encoding.ASCII.GetBytes(head)));

    [Fact]
    public void Parse_head_says_what_matters()
    {
        var head = ResponseHead.Parse(
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nTransfer-Encoding: chunked\r\nConnection: close"u8
        );
        Assert.Equal(
            new ResponseHead
            {
                Status = 200,
                ContentLength = -1,
                Chunked = true,
                EventStream = true,
                KeepAlive = false,
            },
            head
        );
        Assert.True(ResponseHead.Parse("HTTP/1.1 200 OK"u8).KeepAlive);
        Assert.False(ResponseHead.Parse("HTTP/1.0 200 OK"u8).KeepAlive);
    }

    private static (string Content, int Used, bool Done) Decode(ResponseHead head, byte[] wire, int[] cuts)
    {
        var decoder = new BodyDecoder(head);
        var content = new StringBuilder();
        var total = 0;
        for (int at = 0, i = 0; at < wire.Length && !decoder.Done; i++)
        {
            var part = wire.AsSpan(at, Math.Min(cuts[i % cuts.Length], wire.Length - at));
            at += part.Length;
            while (!part.IsEmpty && !decoder.Done)
            {
                var used = decoder.Next(part, out var data);
                content.Append(Encoding.ASCII.GetString(data));
                total += used;
                part = part[used..];
            }
        }

        return (content.ToString(), total, decoder.Done);
    }
}
