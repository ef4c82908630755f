using System.Text;
using FaultTolerance.Artefacts.ClientLogs;
using FaultTolerance.Artefacts.Events;
using FaultTolerance.Results.Reading;
using static FaultTolerance.Tests.Results.ArtefactFolder;

namespace FaultTolerance.Tests.Results;

/// <summary>
/// The fuzz targets' short sister: files that are right but for a few changes, made from a fixed seed. Whatever the change, a reader
/// neither throws nor loses a line without a word. tests/Fuzz does the same for hours, led by coverage.
/// </summary>
public sealed class ReaderMutationTests : IDisposable
{
    private static readonly string[] Pieces =
    [
        "null",
        "1e999",
        "-1",
        "\"\"",
        "{}",
        "[[[[",
        "\"\\ud800\"",
        ",",
        "}",
        "\n",
        "\r\n",
        "\0",
        "\uFEFF",
        "2026-13-45T99:99:99",
        "18446744073709551616",
        "\"at\":",
        "Ok",
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("faultmatrix-").FullName;

    [Fact]
    public void Client_log_reader_bears_any_change() => Mutate([Line(0, 1, 2, "Ok"), Line(1, 2, 0.5, "Refused"), NotSent(2, 4), LegacyLine(5, 1, true)], path =>
    {
        var log = new ClientLogReader(TimeSpan.Zero).Read(path, 0);
        Assert.True(log.Attempts.Count >= log.Sent);
        Assert.True(Lines(path) <= log.Sent + log.Unsent.Count + log.Findings.ToImmutable().Sum(finding => finding.Message.Contains("more", StringComparison.Ordinal) ? 1000 : 1));
    });

    [Fact]
    public void Timeline_reader_bears_any_change() => Mutate(
        [$$"""{"at":"{{Utc(1)}}","event":"pod","service":"A","change":"ready"}""", $$"""{"at":"{{Utc(2)}}","event":"load.health","reasons":["a"],"valid":true}""", $$"""{"at":"{{Utc(3)}}","event":"fault.landed","id":"1"}"""],
        path =>
        {
            var timeline = Timeline.Read(path);
            Assert.Equal(timeline.Events.Select(item => item.At).Order(), timeline.Events.Select(item => item.At));
        });

    [Fact]
    public void Pod_log_reader_bears_any_change() => Mutate(
        [$$"""{"time":"{{Utc(1)}}","level":"INFO","message":"added model x"}""", $"\u001b[2m{Utc(2)}\u001b[0m INFO added model x", "VllmWorker for Qwen has been initialized"],
        path =>
        {
            var service = Directory.CreateDirectory(Path.Combine(_folder, "run", "Frontend")).FullName;
            File.Copy(path, Path.Combine(service, "p.log"), overwrite: true);
            Assert.Equal(1, PodLogReader.Read(Path.Combine(_folder, "run"), []).Files);
        });

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static int Lines(string path) =>
        File.ReadAllText(path).Split('\n').Count(line => line.Trim(' ', '\t', '\r', '\uFEFF').Length > 0);

    private void Mutate(string[] lines, Action<string> read)
    {
        var random = new Random(1);
        var whole = Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n");
        var path = Path.Combine(_folder, "file");
        for (var i = 0; i < 1500; i++)
        {
            List<byte> bytes = [.. whole];
            for (var changes = 1 + random.Next(3); changes > 0 && bytes.Count > 0; changes--)
            {
                var at = random.Next(bytes.Count);
                switch (random.Next(4))
                {
                    case 0:
                        bytes[at] ^= (byte)(1 << random.Next(8));
                        break;
                    case 1:
                        bytes.RemoveRange(at, Math.Min(bytes.Count - at, 1 + random.Next(20)));
                        break;
                    case 2:
                        bytes.InsertRange(at, Encoding.UTF8.GetBytes(Pieces[random.Next(Pieces.Length)]));
                        break;
                    default:
                        bytes.RemoveRange(at, random.Next(3) == 0 ? bytes.Count - at : 0);
                        break;
                }
            }

            File.WriteAllBytes(path, [.. bytes]);
            read(path);
        }
    }
}
