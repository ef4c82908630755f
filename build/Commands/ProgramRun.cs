using System.Diagnostics;
using System.Text;

namespace FaultMatrix.Build.Commands;

/// <summary>The end of a program.</summary>
internal sealed record ProgramResult(int ExitCode, string Output);

/// <summary>Runs a program to its end and keeps what it writes.</summary>
internal static class ProgramRun
{
    // As a shell tells SIGKILL.
    private const int Ended = 137;

    /// <summary>The dotnet that this process runs on.</summary>
    public static string Dotnet => Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path
        : "dotnet";

    /// <summary>
    /// Runs the program within a limit; where it is over, the program is ended, and its output ends with a line that says so.
    /// </summary>
    /// <param name="program">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="folder">Its working folder.</param>
    /// <param name="limit">How long it may run.</param>
    /// <param name="time">Measures the limit.</param>
    /// <param name="cancellationToken">Ends it at once.</param>
    public static async Task<ProgramResult> RunAsync(string program, IReadOnlyList<string> arguments, string folder, TimeSpan limit,
        TimeProvider time, CancellationToken cancellationToken)
    {
        using var over = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, cancellationToken);
        var kept = new StringBuilder();
        try
        {
            return await RunAsync(program, arguments, folder, kept, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new ProgramResult(Ended, $"{kept}did not end within {limit.TotalMinutes:0.#} minutes and was ended\n");
        }
    }

    /// <summary>Runs the program; when cancelled, it and what it started are ended first.</summary>
    public static Task<ProgramResult> RunAsync(string program, IReadOnlyList<string> arguments, string folder,
        CancellationToken cancellationToken) => RunAsync(program, arguments, folder, new StringBuilder(), cancellationToken);

    private static async Task<ProgramResult> RunAsync(string program, IReadOnlyList<string> arguments, string folder,
        StringBuilder output, CancellationToken cancellationToken)
    {
        var info = new ProcessStartInfo(program, arguments) { UseShellExecute = false, WorkingDirectory = folder,
            RedirectStandardOutput = true, RedirectStandardError = true };
        // Set by the locator for the engine in this process; a dotnet of another version must not see them.
        foreach (var name in new[] { "MSBUILD_EXE_PATH", "MSBuildExtensionsPath", "MSBuildSDKsPath" })
        {
            info.Environment.Remove(name);
        }

        using var process = Process.Start(info)!;
        var gate = new Lock();
        void Keep(string? line)
        {
            if (line is not null)
            {
                lock (gate)
                {
                    output.Append(line).Append('\n');
                }
            }
        }

        process.OutputDataReceived += (_, e) => Keep(e.Data);
        process.ErrorDataReceived += (_, e) => Keep(e.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await process.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            throw;
        }

        return new ProgramResult(process.ExitCode, output.ToString());
    }
}
