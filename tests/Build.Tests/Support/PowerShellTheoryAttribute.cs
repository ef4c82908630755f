using System.Runtime.CompilerServices;

namespace FaultMatrix.Build.Tests.Support;

/// <summary>A test that needs PowerShell; skipped, with the way to get it, where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PowerShellTheoryAttribute : TheoryAttribute
{
    /// <summary>Skips it where it cannot run.</summary>
    public PowerShellTheoryAttribute([CallerFilePath] string? file = null, [CallerLineNumber] int line = -1)
        : base(file, line)
    {
        if (Program is null)
        {
            Skip = "no pwsh on the path: dotnet tool install --global PowerShell";
        }
    }

    /// <summary>Where it is; null when it is not.</summary>
    public static string? Program { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Where(folder => folder.Length > 0).Select(folder => Path.Combine(folder, "pwsh")).FirstOrDefault(File.Exists);
}
