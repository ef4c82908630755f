using CsCheck;
using FaultTolerance.StandIn.Wire;

namespace FaultTolerance.StandIn.Tests.Wire;

public sealed class WireFormatTests
{
    [Fact]
    public void GenerateCommand_writtenAndRead_isTheSame() =>
        Gen.Select(Gen.Long, Gen.Int[0, 2], Gen.Int, Gen.Int, Gen.Bool, Gen.Int, Gen.Int, Gen.Bool)
            .Select((id, mode, prompt, tokens, stream, seed, from, acknowledge) =>
                new GenerateCommand(id, (GenerateMode)mode, prompt, tokens, stream, seed, from, acknowledge))
            .Sample(command => GenerateCommand.Parse(command.ToString()) == command);

    [Fact]
    public void GenerateEvent_tokensWrittenAndRead_areTheSame() =>
        Gen.Select(Gen.Long, Gen.Int.Array[1, 50]).Sample((id, tokens) =>
        {
            var read = GenerateEvent.TryParse(GenerateEvent.OfTokens(id, [.. tokens]).ToString())!;
            return read.Id == id && read.Kind == GenerateEventKind.Tokens && read.Tokens.SequenceEqual(tokens);
        });

    [Fact]
    public void GenerateEvent_failureWithLineBreak_staysOneLine()
    {
        var line = GenerateEvent.Failed(3, "first\nsecond").ToString();

        Assert.Equal("failed 3 first second", line);
        Assert.Equal("first second", GenerateEvent.TryParse(line)!.Message);
    }

    [Theory]
    [InlineData("ready decode pod Qwen/Qwen3-0.6B")]
    [InlineData("bye")]
    [InlineData("")]
    [InlineData("tokens x 1")]
    public void GenerateEvent_otherLines_areNone(string line) => Assert.Null(GenerateEvent.TryParse(line));

    [Fact]
    public void ReadyNotice_writtenAndRead_isTheSame()
    {
        var notice = new ReadyNotice(WorkerRole.Decode, "pod-1", "a/b", 2048, NeedsPrefill: true);

        Assert.Equal(notice, ReadyNotice.TryParse(notice.ToString()));
        Assert.Null(ReadyNotice.TryParse("ready"));
    }

    [Theory]
    [InlineData("generate 1 0")]
    [InlineData("generate 1 0 3 4 1 x")]
    [InlineData("cancel 1")]
    public void GenerateCommand_malformed_throws(string line) => Assert.Throws<FormatException>(() => GenerateCommand.Parse(line));
}
