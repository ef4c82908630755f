using FaultMatrix.Build.Tests.Support;

namespace FaultMatrix.Build.Tests.Hosting;

/// <summary>Which load profile holds when none is named: that of the scenarios file, over the real domain.</summary>
public sealed class DefaultProfileTests : IDisposable
{
    private readonly OwnScenarios _own = new();

    public void Dispose() => _own.Dispose();

    [Theory]
    [InlineData(null, "", "40 requests of 2 clients")]
    [InlineData("endless", "", "8000 requests of 2 clients")]
    [InlineData("endless", "--load-profile quick", "40 requests of 2 clients")]
    public async Task Plan_takes_the_profile_of_the_file_unless_one_is_named(string? profile, string words, string expected)
    {
        if (profile is not null)
        {
            var json = await File.ReadAllTextAsync(_own.ScenariosFile, TestContext.Current.CancellationToken);
            await File.WriteAllTextAsync(
                _own.ScenariosFile,
                json.Replace(
                    "{\n  \"deployments\"",
                    $"{{\n  \"defaultProfile\": \"{profile}\",\n  \"deployments\"",
                    StringComparison.Ordinal
                ),
                TestContext.Current.CancellationToken
            );
        }

        var (exitCode, output) = await StartedProgram.RunAsync(
            [
                "dotnet",
                "exec",
                Path.Combine(AppContext.BaseDirectory, "faultmatrix.dll"),
                "--plan",
                "--scenario",
                "own-none",
                "--scenarios-file",
                _own.ScenariosFile,
                .. words.Split(' ', StringSplitOptions.RemoveEmptyEntries),
                "--root",
                Repository.Root,
            ],
            _own.Folder,
            new Dictionary<string, string>(StringComparer.Ordinal) { ["HOME"] = _own.Folder }
        );
        Assert.True(exitCode == 0, output);
        Assert.Contains(expected, output, StringComparison.Ordinal);
    }
}
