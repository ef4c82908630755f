namespace FaultTolerance.Scenarios;

public sealed class ParallelismTests
{
    [Theory]
    [InlineData(4, null, 2, 4)]
    [InlineData(4, 1.0, null, 4)]
    [InlineData(4, 1.0, 1, 1)]
    [InlineData(4, 1.0, 2, 2)]
    [InlineData(4, 1.0, 16, 4)]
    [InlineData(4, 1.5, 2, 3)]
    [InlineData(4, 1.5, 3, 4)]
    [InlineData(4, 0.5, 1, 1)]
    [InlineData(4, 0.01, 2, 1)]
    public void On_machine_that_carries_the_graphs_is_as_its_processors_bear(
        int atMost, double? perProcessor, int? processors, int expected) =>
        Assert.Equal(expected, new Parallelism(atMost, perProcessor).On(processors));
}
