using System.Text;
using CsCheck;
using FaultTolerance.Artefacts.Reading;
using FaultTolerance.Tests.Results;

namespace FaultTolerance.Tests.Artefacts.Reading;

public sealed class LineReaderTests
{
    [Fact]
    public void TryRead_gives_every_line_whatever_its_length() =>
        Gen.Select(Gen.Int[0, 600_000].Array[1, 6], Gen.Bool, Gen.Bool).Sample(
            (lengths, terminated, windows) =>
            {
                using var folder = new ArtefactFolder();
                var path = Path.Combine(folder.Path, "x");
                var lines = lengths.Select((length, i) => new string((char)('a' + i), length + 1)).ToArray();
                var end = windows ? "\r\n" : "\n";
                File.WriteAllText(path, string.Join(end, lines) + (terminated ? end : ""), new UTF8Encoding(windows));

                Assert.Equal(lines, Read(path, out var unterminated));
                Assert.Equal(!terminated, unterminated);
            },
            iter: 40);

    [Fact]
    public void TryRead_skips_a_line_beyond_the_limit_and_goes_on()
    {
        using var folder = new ArtefactFolder();
        var path = Path.Combine(folder.Path, "x");
        using (var file = File.Create(path))
        {
            file.Write("first\n"u8);
            var block = new byte[1 << 20];
            Array.Fill(block, (byte)'x');
            for (var i = 0; i <= LineReader.MaxLine >> 20; i++)
            {
                file.Write(block);
            }

            file.Write("\nlast\n"u8);
        }

        Assert.Equal(["first", "", "last"], Read(path, out _));
    }

    private static List<string> Read(string path, out bool unterminated)
    {
        var lines = new List<string>();
        using var reader = new LineReader(path);
        unterminated = false;
        while (reader.TryRead(out var line))
        {
            lines.Add(Encoding.UTF8.GetString(line));
            unterminated = reader.Unterminated;
        }

        return lines;
    }
}
