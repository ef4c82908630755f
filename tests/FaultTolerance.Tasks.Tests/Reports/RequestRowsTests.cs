using System.Globalization;
using System.Text;
using CsCheck;
using FaultTolerance.Artefacts;
using FaultTolerance.Artefacts.ClientLogs;
using FaultTolerance.Reports;
using FaultTolerance.Tests.Results;

namespace FaultTolerance.Tests.Reports;

public sealed class RequestRowsTests
{
    // Many of one second, as in a run, and some of other days.
    private static readonly Gen<long> Instants = Gen.OneOf(
        Gen.Long[0, 3 * TimeSpan.TicksPerSecond].Select(ticks => new DateTime(2026, 12, 31, 23, 59, 58, DateTimeKind.Utc).Ticks + ticks),
        Gen.Long[1, DateTime.MaxValue.Ticks]);

    [Fact]
    public void Write_instants_areAsDotNetWritesThem()
    {
        var scenario = SyntheticRun.Parse().Scenarios[0];
        Gen.Select(Instants, Instants).Array[1, 40].Sample(pairs =>
        {
            var to = new ByteBuffer();
            new RequestRows(to, scenario, new CsvTexts()).Write(
                pairs.Select((pair, i) => new UnsentRequest(0, i, pair.Item1, pair.Item2, Outcome.NotSent, null)));
            var fields = Encoding.UTF8.GetString(to.Written).TrimEnd('\n').Split('\n').Select(row => row.Split(','));
            return fields.Select(row => (row[5], row[10])).SequenceEqual(pairs.Select(pair => (Told(pair.Item1), Told(pair.Item2))));
        });
    }

    private static string Told(long ticks) => new DateTime(ticks, DateTimeKind.Utc).ToString("O", CultureInfo.InvariantCulture);
}
