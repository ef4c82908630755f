using System.Text.RegularExpressions;
using FaultMatrix.Build.Tests.Support;

namespace FaultMatrix.Build.Tests.Scripts;

/// <summary>Each code of an error message is explained, in one place, and used.</summary>
public sealed partial class ErrorCodeTests
{
    private static readonly string Reference = Path.Combine("src", "FaultTolerance.Tasks", "Reference");

    [Fact]
    public void Codes_that_sources_use_are_those_that_are_explained()
    {
        var explained = Codes(Path.Combine(Repository.Root, Reference, "ErrorCodes.Lists.cs")).ToList();
        var used = Sources().SelectMany(Codes).Concat(Codes(Path.Combine(Repository.Root, Reference, "ReferenceFile.cs")));

        Assert.Equal(explained.Distinct(StringComparer.Ordinal).Count(), explained.Count);
        Assert.Equal(explained.Order(StringComparer.Ordinal), used.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string> Sources() => new[] { "src", "build" }
        .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories))
        .Where(file => !file.Contains(Reference, StringComparison.Ordinal))
        .Concat(new[] { "build.sh", "build.ps1" }.Select(file => Path.Combine(Repository.Root, file)));

    private static IEnumerable<string> Codes(string file) => Code().Matches(File.ReadAllText(file)).Select(match => match.Value);

    [GeneratedRegex("FT[0-9]{4}(?![0-9])", RegexOptions.None, 1000)]
    private static partial Regex Code();
}
