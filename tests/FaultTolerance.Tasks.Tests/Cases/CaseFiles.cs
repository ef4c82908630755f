using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using FaultTolerance.Tests.Scenarios;

namespace FaultTolerance.Tests.Cases;

/// <summary>
/// Inputs that were found in the wild with what should come of each: a folder <c>shared/cases</c> beside the repository, or the one that
/// FAULTMATRIX_CASES names. They are not part of the repository; where they are missing, tests of them are skipped.
/// </summary>
internal static class CaseFiles
{
    private static readonly string? Root = Find();

    /// <summary>An interpreter for the cases that are servers, or null.</summary>
    private static readonly string? Python = FindPython();

    /// <summary>A case's file or folder; the test is skipped where it is not there.</summary>
    public static string Of(params string[] parts)
    {
        Assert.SkipWhen(Root is null, "there is no ../shared/cases, and FAULTMATRIX_CASES names no other folder");
        var path = Path.Combine([Root!, .. parts]);
        Assert.SkipUnless(Path.Exists(path), $"there is no case {string.Join('/', parts)}");
        return path;
    }

    /// <summary>Starts a case's server, and returns when it takes connections.</summary>
    public static async Task<(Process Process, int Port)> StartServerAsync(string script, params (string Name, string Value)[] variables)
    {
        Assert.SkipWhen(Python is null, "there is no python3 on PATH");
        using var free = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        free.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var port = ((IPEndPoint)free.LocalEndPoint!).Port;
        free.Close();
        var start = new ProcessStartInfo(Python!, ["-u", script]) { UseShellExecute = false, RedirectStandardOutput = true };
        start.Environment["POD_IP"] = "127.0.0.1";
        start.Environment["PORT"] = port.ToString(CultureInfo.InvariantCulture);
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        _ = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        return (process, port);
    }

    /// <summary>Runs Python to its end; the test is skipped where there is none.</summary>
    public static async Task<(int Code, string Errors)> PythonAsync(params string[] words)
    {
        Assert.SkipWhen(Python is null, "there is no python3 on PATH");
        using var process = Process.Start(new ProcessStartInfo(Python!, words) { UseShellExecute = false, RedirectStandardError = true })!;
        var errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, errors);
    }

    private static string? Find()
    {
        var folder = Environment.GetEnvironmentVariable("FAULTMATRIX_CASES") is { Length: > 0 } named
            ? named
            : Path.Combine(Path.GetDirectoryName(RepositoryFiles.Scenarios)!, "..", "shared", "cases");
        return Directory.Exists(folder) ? Path.GetFullPath(folder) : null;
    }

    private static string? FindPython() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Append("/usr/bin")
            .Select(folder => Path.Combine(folder, "python3")).FirstOrDefault(File.Exists);
}
