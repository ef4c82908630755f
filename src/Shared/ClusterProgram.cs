using System.Diagnostics;
using System.Text.Json;

namespace FaultMatrix.Shared;

/// <summary>
/// The program of a local cluster, for whoever starts it: a process in a session of its own, so that a terminal's Ctrl+C does not reach it,
/// that says in one line of JSON when it is ready, and ends, with all pods, when its standard input does. Its options stand in
/// docs/local-cluster.md.
/// </summary>
internal static class ClusterProgram
{
    /// <summary>How long one that was told to end may take; then it is killed: it promises that no process of it survives that.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(20);

    /// <summary>How to start it.</summary>
    /// <param name="words">The program, then its arguments.</param>
    /// <param name="piped">Whether its standard streams are this process's; else they are its own matter.</param>
    public static ProcessStartInfo StartInfo(IReadOnlyList<string> words, bool piped)
    {
        var hasSetsid = File.Exists("/usr/bin/setsid") || File.Exists("/bin/setsid");
        IReadOnlyList<string> all = hasSetsid ? ["setsid", .. words] : words;
        var info = new ProcessStartInfo(all[0], all.Skip(1))
        {
            UseShellExecute = false,
            RedirectStandardInput = piped,
            RedirectStandardOutput = piped,
            RedirectStandardError = piped,
        };
        // Its sockets for debuggers would stay in the folder for temporary files when it is killed.
        info.Environment.TryAdd("DOTNET_EnableDiagnostics", "0");
        return info;
    }

    /// <summary>What it says when it is ready: its API's address, its PID, and what this machine cannot give it, or "".</summary>
    /// <returns>Null where the line is another one, or there is none.</returns>
    public static (string Server, int Pid, string Note)? Ready(string? line)
    {
        if (line is null || !line.StartsWith('{'))
        {
            return null;
        }

        using var ready = JsonDocument.Parse(line);
        var note = ready.RootElement.TryGetProperty("note", out var told) ? told.GetString() ?? "" : "";
        return (ready.RootElement.GetProperty("server").GetString()!, ready.RootElement.GetProperty("pid").GetInt32(), note);
    }

    /// <summary>Reads on to the end, since a full pipe would stop it, and drops what comes.</summary>
    public static void Drain(StreamReader output) => _ = output.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);

    /// <summary>The last line that is not empty, once the stream has ended.</summary>
    public static async Task<string> LastLineAsync(StreamReader reader)
    {
        var last = "";
        while (await reader.ReadLineAsync(CancellationToken.None) is { } line)
        {
            last = line.Trim().Length > 0 ? line.Trim() : last;
        }

        return last;
    }

    /// <summary>What a program that has ended said last; "" after a second, since what it left running may hold its output open.</summary>
    public static async Task<string> SaidAsync(Task<string> said, TimeProvider time) =>
        await Task.WhenAny(said, Task.Delay(TimeSpan.FromSeconds(1), time, CancellationToken.None)) == said ? await said : "";

    /// <summary>How it ended, in words.</summary>
    public static string Ending(int exitCode) => exitCode > 128 ? $"ended by signal {exitCode - 128}" : $"exit code {exitCode}";

    /// <summary>Waits until one that was told to end has ended, and kills it after <see cref="Patience"/>.</summary>
    public static async Task EndedAsync(Process process)
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }
}
