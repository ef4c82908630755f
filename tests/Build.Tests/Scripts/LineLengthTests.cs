using FaultMatrix.Build.Tests.Support;

namespace FaultMatrix.Build.Tests.Scripts;

/// <summary>Lines of code are at most 140 columns. A line that holds a text may be longer: a message is not broken in two.</summary>
public sealed class LineLengthTests
{
    private const int Most = 140;

    // All but a few lines of these are text, between the quotes of other lines.
    private static readonly string[] Texts =
        ["Styles.cs", "ErrorCodes.Lists.cs", "ComparisonWriter.cs", "HistoryPage.cs", "Headline.cs", "FaultPage.cs", "CompletionScript.cs",
            "Build.Members.cs"];

    [Theory]
    [InlineData("src")]
    [InlineData("build")]
    public void Lines_of_code_fit(string folder)
    {
        var files = Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories)
            .Where(file => !Texts.Contains(Path.GetFileName(file), StringComparer.Ordinal)).ToList();

        Assert.NotEmpty(files);
        Assert.Empty(files.SelectMany(file => File.ReadLines(file).Index()
            .Where(line => line.Item.Length > Most && !line.Item.Contains('"', StringComparison.Ordinal))
            .Select(line => $"{Path.GetRelativePath(Repository.Root, file)}:{line.Index + 1}")));
    }
}
