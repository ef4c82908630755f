using FaultTolerance.Runs;

namespace FaultTolerance.Tests.Runs;

/// <summary>A run's description that is not one.</summary>
public sealed class RunFolderTests
{
    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("1")]
    [InlineData("""{"run":1}""")]
    [InlineData("""{"run":"a","startedAt":"yesterday"}""")]
    [InlineData("""{"run":"a","startedAt":"2026-01-02T03:04:05Z","clock":[]}""")]
    [InlineData("""{"run":"a","startedAt":"2026-01-02T03:04:05Z","clock":{"timestamp":"x","frequency":1,"bootId":""}}""")]
    public void Open_of_no_description_says_which_file(string text)
    {
        var folder = Directory.CreateTempSubdirectory("faultmatrix-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "run.json"), text);

            var error = Assert.Throws<FaultMatrixException>(() => RunFolder.Open(folder));

            Assert.Equal("FT0703", error.Code);
            Assert.Equal(Path.Combine(folder, "run.json"), error.File);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
