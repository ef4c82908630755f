using System.Text;

namespace FaultTolerance.StandIn.Tests.Beside;

/// <summary>
/// The stand-in in profile today beside the real thing, through the same faults: each outage, drain and aftershock within 0.3 s of the real
/// one's, each status and body the same. benchmarks/beside-dynamo.sh runs all rows and writes docs/beside-dynamo.md.
/// </summary>
public sealed class BesideTests
{
    /// <summary>Names the Python environment with ai-dynamo; without it the tests are skipped.</summary>
    private const string EnvironmentVariable = "FAULTMATRIX_DYNAMO";

    /// <summary>Names the folder of a small model.</summary>
    private const string ModelVariable = "FAULTMATRIX_DYNAMO_MODEL";

    /// <summary>Names the file that the table is written to.</summary>
    private const string TableVariable = "FAULTMATRIX_BESIDE_TABLE";

    /// <summary>A part of the names of the rows that are wanted; all where it is not set.</summary>
    private const string RowVariable = "FAULTMATRIX_BESIDE_ROW";

    private static readonly string? Python = Environment.GetEnvironmentVariable(EnvironmentVariable);
    private static readonly string? Model = Environment.GetEnvironmentVariable(ModelVariable);

    [Fact]
    public Task StandIn_onlyWorkerKilled_isAsTheRealOne() => CompareAsync(FaultRow.All.Single(row => row.Name == "only worker, SIGKILL"));

    [Fact(Explicit = true)]
    public async Task StandIn_throughAllFaults_isAsTheRealOne()
    {
        var table = new StringBuilder(
            BesideReport.Head((await File.ReadAllTextAsync("/proc/loadavg", TestContext.Current.CancellationToken)).Split(' ')[0])
        );
        var report = new BesideReport();
        var differences = new List<string>();
        var (ofReal, ofStandIn) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        foreach (var row in FaultRow.All.Where(row => row.Name.Contains(Environment.GetEnvironmentVariable(RowVariable) ?? "", StringComparison.Ordinal)))
        {
            var (real, standIn) = await BothAsync(row);
            var found = BesideReport.Differences(row, real, standIn).ToList();
            differences.AddRange(found);
            ofReal.UnionWith(real.Answers);
            ofStandIn.UnionWith(standIn.Answers);
            var lines = report.Row(row, real, standIn);
            table.Append(lines);
            TestContext.Current.TestOutputHelper?.WriteLine(lines + string.Join('\n', found));
        }

        // Answers that did not last may be missed in one row or another, but the stand-in must give none that the real one never gave.
        differences.AddRange(ofStandIn.Except(ofReal, StringComparer.Ordinal).Select(answer => $"never given by the real one: {answer}"));
        table.Append(report.AllAnswers(ofReal.Union(ofStandIn, StringComparer.Ordinal)));
        table.Append(BesideReport.Missed(differences));
        if (Environment.GetEnvironmentVariable(TableVariable) is { Length: > 0 } file)
        {
            await File.WriteAllTextAsync(file, table.ToString(), TestContext.Current.CancellationToken);
        }

        Assert.Empty(differences);
    }

    private static async Task CompareAsync(FaultRow row)
    {
        var (real, standIn) = await BothAsync(row);
        TestContext.Current.TestOutputHelper?.WriteLine(new BesideReport().Row(row, real, standIn));

        Assert.Equal("", string.Join('\n', BesideReport.Differences(row, real, standIn)));
    }

    private static async Task<(RowResult Real, RowResult StandIn)> BothAsync(FaultRow row)
    {
        Assert.SkipWhen(
            string.IsNullOrEmpty(Python) || string.IsNullOrEmpty(Model),
            $"no real Dynamo: {EnvironmentVariable} and {ModelVariable} are not set"
        );
        // One after the other: each needs the processors.
        var (real, took) = await OneAsync(new RealDynamo(Python!, Model!), row, StartTimes.None);
        var (standIn, _) = await OneAsync(await StandInDynamo.StartAsync(), row, took);
        return (real, standIn);
    }

    private static async Task<(RowResult Result, StartTimes Took)> OneAsync(Subject subject, FaultRow row, StartTimes take)
    {
        await using (subject)
        {
            return await RowRun.RunAsync(subject, row, take);
        }
    }
}
