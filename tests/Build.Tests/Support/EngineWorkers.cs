using System.Diagnostics;

namespace FaultMatrix.Build.Tests.Support;

/// <summary>The worker processes that the engine of a front has started.</summary>
internal static class EngineWorkers
{
    /// <summary>Their ids.</summary>
    public static IReadOnlyList<int> Of(int front) =>
        [
            .. Directory
                .EnumerateDirectories("/proc")
                .Select(Path.GetFileName)
                .Where(n => n!.All(char.IsAsciiDigit))
                .Select(n => int.Parse(n!, null))
                .Where(pid =>
                    ReadOrEmpty($"/proc/{pid}/stat") is { Length: > 0 } stat
                    && stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1] == $"{front}"
                    && ReadOrEmpty($"/proc/{pid}/cmdline").Contains("/nodemode:", StringComparison.Ordinal)
                ),
        ];

    /// <summary>Ends a process at once.</summary>
    public static async Task KillAsync(int process)
    {
        using var kill = Process.Start("kill", ["-9", $"{process}"]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    private static string ReadOrEmpty(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (IOException)
        {
            return "";
        }
    }
}
