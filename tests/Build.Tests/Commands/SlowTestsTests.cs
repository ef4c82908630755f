using FaultMatrix.Build.Commands;

namespace FaultMatrix.Build.Tests.Commands;

public sealed class SlowTestsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("faultmatrix-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Of_a_report_names_the_three_longest_that_took_long()
    {
        Write("""
            {"results":{"tests":[
              {"name":"A","status":"passed","duration":21000},{"name":"B","status":"passed","duration":90500},
              {"name":"C","status":"failed","duration":30000},{"name":"D","status":"passed","duration":25000},
              {"name":"E","status":"passed","duration":3}]}}
            """);
        Assert.Equal("B 1:30, C 0:30, D 0:25", SlowTests.Of(_folder, "Some"));
    }

    [Theory]
    [InlineData("""{"results":{"tests":[{"name":"A","status":"passed","duration":3}]}}""")]
    [InlineData("""{"results":{"tests":[{"name":"A","st""")]
    [InlineData("""{"results":{}}""")]
    public void Of_a_report_without_long_tests_or_without_an_end_is_nothing(string text)
    {
        Write(text);
        Assert.Empty(SlowTests.Of(_folder, "Some"));
    }

    [Fact]
    public void Of_no_report_is_nothing() => Assert.Empty(SlowTests.Of(_folder, "Some"));

    private void Write(string text) => File.WriteAllText(Path.Combine(_folder, "Some.ctrf.json"), text);
}
