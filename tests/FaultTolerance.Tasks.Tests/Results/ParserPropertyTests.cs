using CsCheck;
using FaultTolerance.Faults;
using FaultTolerance.Reports;
using FaultTolerance.Results;
using static FaultTolerance.Tests.Results.ArtefactFolder;

namespace FaultTolerance.Tests.Results;

/// <summary>What holds for any log.</summary>
public sealed class ParserPropertyTests
{
    private static readonly Gen<string> Entry = Gen.OneOf(
        Gen.Select(Gen.Double[0, 100], Gen.Double[0, 30], Gen.Bool, LegacyLine2),
        Gen.Select(Gen.Int[0, 50], Gen.Double[0, 100], (request, at) => NotSent(request, at)),
        Gen.Select(Gen.Double[0, 100], Gen.Int[0, 80], (at, cut) => LegacyLine(at, 1, true)[..cut]),
        Gen.String[Gen.Char[' ', '~'], 0, 40]);

    [Fact]
    public void Parse_any_log_conserves_counts_and_ignores_order() =>
        Gen.Select(Entry.Array[0, 30], Gen.Int[0, 1000]).Sample((lines, seed) =>
        {
            using var first = Folder(lines);
            var shuffled = (string[])lines.Clone();
            new Random(seed).Shuffle(shuffled);
            using var second = Folder(shuffled);

            var (a, b) = (first.Parse().Scenarios[0], second.Parse().Scenarios[0]);

            Assert.Equal(a.Row, b.Row);
            Assert.Equal(a.Books.Sent, a.Books.Succeeded + a.Books.Failed + a.Books.KeptResets + a.Books.OwnTransport);
            Assert.Equal(a.Books.Attempts, a.Books.Outcomes.Sum(pair => pair.Count));
            Assert.Equal(a.Books.Attempts, Count(a));
            Assert.Equal(a.Books.Sent + a.Books.NotSent, a.Books.Became.Sum(pair => pair.Count));
            var broken = lines.Count(line => line.Trim(' ').Length > 0) - a.Books.Sent - a.Books.NotSent;
            Assert.Equal(broken > 0, a.Diagnostics.Any(finding => finding.Code == "FT0803"));
        }, iter: 100);

    [Fact]
    public void WriteAll_twice_gives_the_same_bytes() =>
        Entry.Array[0, 20].Sample(
            lines =>
            {
                using var folder = Folder(lines);
                ReportWriter.WriteAll(folder.Parse(), folder.Path, FaultKinds.Standard.Words);
                var before = Bytes(folder.Path);

                ReportWriter.WriteAll(folder.Parse(), folder.Path, FaultKinds.Standard.Words);

                Assert.Equal(before, Bytes(folder.Path));
            },
            iter: 30);

    [Fact]
    public void Parse_any_bytes_never_throws() =>
        Gen.Select(Gen.Byte.Array[0, 400], Gen.Int[0, 3]).Sample(
            (bytes, file) =>
            {
                using var folder = Folder([]);
                var name = new[] { "client_0.log.txt", "test.log.txt", "timeline.jsonl", "Frontend/p.log" }[file];
                File.WriteAllBytes(folder.Write("a-frontend", name), bytes);

                Assert.Single(folder.Parse().Scenarios);
            },
            iter: 200);

    private static string LegacyLine2(double at, double elapsed, bool success) => LegacyLine(at, elapsed, success);

    private static double Count(ScenarioResult row) =>
        (row.Row.SuccessBefore ?? 0) + (row.Row.FailedBefore ?? 0) + (row.Row.SuccessAfter ?? 0) + (row.Row.FailedAfter ?? 0);

    private static string Bytes(string folder) =>
        string.Join(
            '\n',
            Directory
                .GetFiles(folder)
                .Order(StringComparer.Ordinal)
                .Select(file => $"{Path.GetFileName(file)} {Convert.ToHexString(File.ReadAllBytes(file))}")
        );

    private static ArtefactFolder Folder(string[] lines)
    {
        var folder = new ArtefactFolder();
        folder.TestLog("a-frontend", fault: 50);
        folder.Write("a-frontend", "client_0.log.txt", lines);
        return folder;
    }
}
