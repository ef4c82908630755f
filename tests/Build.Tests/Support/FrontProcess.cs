namespace FaultMatrix.Build.Tests.Support;

/// <summary>The front as a process of its own over a <see cref="FakeRoot"/>.</summary>
internal sealed class FrontProcess(FakeRoot root, IReadOnlyList<string> words, IReadOnlyDictionary<string, string>? environment = null)
    : StartedProgram(
        ["dotnet", "exec", Path.Combine(AppContext.BaseDirectory, "faultmatrix.dll"), .. words, "--root", root.Folder],
        root.Folder,
        With(root, environment)
    )
{
    public static async Task<(int ExitCode, string Output)> RunAsync(
        FakeRoot root, IReadOnlyList<string> words, IReadOnlyDictionary<string, string>? environment = null)
    {
        using var front = new FrontProcess(root, words, environment);
        return (await front.EndAsync(), front.Output);
    }

    private static Dictionary<string, string> With(FakeRoot root, IReadOnlyDictionary<string, string>? environment)
    {
        var all = new Dictionary<string, string>(
            environment ?? new Dictionary<string, string>(StringComparer.Ordinal),
            StringComparer.Ordinal
        )
        {
            ["HOME"] = root.Folder,
            ["FAKE_DOMAIN"] = Repository.FakeDomain,
        };
        return all;
    }
}
