using FaultMatrix.Build.Commands;
using FaultMatrix.Build.Hosting;
using FaultMatrix.Build.Model;
using FaultMatrix.Build.Tests.Support;

namespace FaultMatrix.Build.Tests.Commands;

public sealed class ScenarioSelectionTests
{
    [Theory]
    [InlineData(2, "Scenarios at a time: 2, not 4, since graphs and clients share ")]
    [InlineData(1, "Scenarios at a time: 1, not 4, since graphs and clients share ")]
    public void Lowered_fewer_at_a_time_than_elsewhere_says_why(int atATime, string expected) =>
        Assert.StartsWith(expected, ScenarioSelection.Lowered(Given(""), Rows(3, atATime, "4")), StringComparison.Ordinal);

    [Theory]
    [InlineData("--parallelism 2", 3, "4")] // Somebody said so.
    [InlineData("", 2, "4")] // There are no more.
    [InlineData("", 3, "")] // It is so everywhere.
    [InlineData("", 0, "4")]
    public void Lowered_as_many_as_anybody_expects_says_nothing(string words, int rows, string elsewhere) =>
        Assert.Null(ScenarioSelection.Lowered(Given(words), Rows(rows, 2, elsewhere)));

    private static ParameterSet Given(string words) => Sut.Bind(Path.GetTempPath(), words);

    private static EngineItem[] Rows(int count, int atATime, string elsewhere) =>
    [
        .. Enumerable.Range(0, count).Select(row => new EngineItem($"agg-{row}", new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Parallelism"] = $"{atATime}",
            ["ParallelismElsewhere"] = elsewhere,
        })),
    ];
}
