using System.Text;
using System.Text.Json;
using FaultTolerance.Artefacts.ClientLogs;

namespace FaultTolerance.Load.Streaming;

public sealed class StreamPiecesTests
{
    [Fact]
    public void WriteTo_keeps_each_event_s_text_and_those_without_one()
    {
        var pieces = new StreamPieces();
        Event(pieces, "a\\n", "é");
        Event(pieces);
        Event(pieces, "b");

        Assert.Equal(["a\né", "", "b"], Read(pieces));
        Assert.False(pieces.IsCut);
    }

    [Fact]
    public void WriteTo_without_an_event_writes_nothing()
    {
        var buffer = new ByteBuffer();

        new StreamPieces().WriteTo(buffer);

        Assert.Equal(0, buffer.Length);
    }

    [Fact]
    public void WriteTo_inside_an_event_writes_a_whole_list()
    {
        var pieces = new StreamPieces();
        pieces.Add("a"u8);

        Assert.Equal(["a"], Read(pieces));
    }

    [Fact]
    public void EndEvent_above_the_limit_cuts_and_says_so_until_the_next_stream()
    {
        var pieces = new StreamPieces(mostBytes: 8);
        Event(pieces, "abcdef");
        Assert.False(pieces.IsCut);

        Event(pieces, "g");
        Event(pieces);

        Assert.Equal(["abcdef"], Read(pieces));
        Assert.True(pieces.IsCut);
        pieces.Reset();
        Event(pieces, "h");
        Assert.Equal((false, "h"), (pieces.IsCut, Read(pieces)[0]));
    }

    private static void Event(StreamPieces pieces, params string[] texts)
    {
        foreach (var text in texts)
        {
            pieces.Add(Encoding.UTF8.GetBytes(text));
        }

        pieces.EndEvent();
    }

    private static string[] Read(StreamPieces pieces)
    {
        var buffer = new ByteBuffer();
        pieces.WriteTo(buffer);
        return JsonSerializer.Deserialize<string[]>(buffer.Written)!;
    }
}
