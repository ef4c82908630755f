using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using FaultMatrix.Build.Model;

namespace FaultMatrix.Build.Commands.Cluster;

/// <summary>
/// A local cluster's process. It gets a session of its own, so that a terminal's Ctrl+C ends the run and not the cluster: the
/// teardown still needs it. A temporary one ends when its standard input does, whatever way this process ends.
/// </summary>
internal sealed class LocalClusterProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly Process process;
    private readonly LocalClusterOptions options;
    private readonly Task<string> said;

    private LocalClusterProcess(Process process, LocalClusterOptions options, Task<string> said, JsonElement ready)
    {
        this.process = process;
        this.options = options;
        this.said = said;
        Server = ready.GetProperty("server").GetString()!;
        Pid = ready.GetProperty("pid").GetInt32();
        Note = ready.TryGetProperty("note", out var note) && note.GetString() is { Length: > 0 } text ? " " + text : "";
    }

    public string Server { get; }

    public int Pid { get; }

    /// <summary>What the cluster wants the user to know, with a blank before it; or nothing.</summary>
    public string Note { get; }

    public string Kubeconfig => options.Kubeconfig;

    /// <exception cref="FrontException">The cluster did not start, with what it said, or not in time.</exception>
    public static async Task<LocalClusterProcess> StartAsync(LocalClusterOptions options, CancellationToken cancellationToken)
    {
        var started = Start(options);
        var words = options.Lasting ? Task.FromResult("") : LastLineAsync(started.StandardError);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.StartLimit);
        try
        {
            var line = options.Lasting
                ? await ReadyLineAsync(options.LogFile, started, limit.Token)
                : await started.StandardOutput.ReadLineAsync(limit.Token);
            if (line is not null && line.StartsWith('{'))
            {
                // Nobody reads on, and a full pipe would stop the cluster.
                _ = options.Lasting ? Task.CompletedTask : started.StandardOutput.BaseStream.CopyToAsync(Stream.Null,
                    CancellationToken.None);
                return new LocalClusterProcess(started, options, words, JsonDocument.Parse(line).RootElement);
            }

            await started.WaitForExitAsync(limit.Token);
            var message = options.Lasting ? LastLine(await File.ReadAllTextAsync(options.LogFile, limit.Token)) : await SaidAsync(words);
            throw new FrontException(
                "FT0303",
                $"The local cluster did not start ({Ending(started.ExitCode)}): {(message.Length > 0 ? message : "it said nothing")}");
        }
        catch (Exception e)
        {
            await EndAsync(started, options);
            throw e is OperationCanceledException && !cancellationToken.IsCancellationRequested
                ? new FrontException(
                    "FT0303", $"The local cluster was not ready within {options.StartLimit.TotalSeconds:0.#} s and was ended.") : e;
        }
    }

    /// <summary>Waits until the cluster has ended, and tells how.</summary>
    public async Task<string> EndedAsync(CancellationToken cancellationToken)
    {
        await process.WaitForExitAsync(cancellationToken);
        var last = await SaidAsync(said);
        return Ending(process.ExitCode) + (last.Length > 0 ? ": " + last : "");
    }

    public async ValueTask DisposeAsync()
    {
        if (!options.Lasting)
        {
            await EndAsync(process, options);
        }

        process.Dispose();
    }

    private static Process Start(LocalClusterOptions options)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(options.LogFile)!);
            // What a cluster of this name that was killed has left: the new one would take it for somebody else's and keep it.
            options.RemoveFiles();
            return Process.Start(StartInfo(options))!;
        }
        catch (Exception e) when (e is Win32Exception or IOException or UnauthorizedAccessException)
        {
            throw new FrontException("FT0303", $"The local cluster could not be started: {e.Message}");
        }
    }

    private static ProcessStartInfo StartInfo(LocalClusterOptions options)
    {
        var hasSetsid = File.Exists("/usr/bin/setsid") || File.Exists("/bin/setsid");
        List<string> words = hasSetsid ? ["setsid"] : [];
        if (options.Lasting)
        {
            // The shell only redirects: every word comes as an argument of its own.
            words.AddRange(["/bin/sh", "-c", "exec \"$@\" </dev/null >\"$FAULTMATRIX_LOG\" 2>&1", "sh"]);
        }

        words.Add(options.Program);
        words.AddRange(options.Arguments);
        var info = new ProcessStartInfo(words[0], words.Skip(1))
        {
            UseShellExecute = false,
            RedirectStandardInput = !options.Lasting,
            RedirectStandardOutput = !options.Lasting,
            RedirectStandardError = !options.Lasting,
        };
        // It may outlive this process and its engine, whose own folder goes with them.
        info.Environment["TMPDIR"] = options.TemporaryFolder;
        // Its sockets for debuggers would stay in the folder for temporary files when it is killed.
        info.Environment.TryAdd("DOTNET_EnableDiagnostics", "0");
        if (options.Lasting)
        {
            info.Environment["FAULTMATRIX_LOG"] = options.LogFile;
        }

        return info;
    }

    // The log is a file, so that the cluster can outlive us; files cannot be awaited, so this looks again and again.
    private static async Task<string?> ReadyLineAsync(string file, Process process, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            if (File.Exists(file))
            {
                await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                using var reader = new StreamReader(stream);
                var text = await reader.ReadToEndAsync(cancellationToken);
                var line = text.Split('\n').SkipLast(1).FirstOrDefault(l => l.StartsWith("{\"ready\"", StringComparison.Ordinal));
                if (line is not null)
                {
                    return line;
                }
            }

            if (process.HasExited)
            {
                return null;
            }
        }

        return null;
    }

    private static async Task EndAsync(Process process, LocalClusterOptions options)
    {
        if (options.Lasting)
        {
            process.Kill();
        }
        else
        {
            process.StandardInput.Close();
        }

        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            // It promises that no process of it survives this.
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
        }

        options.RemoveFiles();
    }

    private static async Task<string> LastLineAsync(StreamReader reader)
    {
        var last = "";
        while (await reader.ReadLineAsync(CancellationToken.None) is { } line)
        {
            last = line.Trim().Length > 0 ? line.Trim() : last;
        }

        return last;
    }

    // What the cluster left running may hold its output open.
    private static async Task<string> SaidAsync(Task<string> said) =>
        await Task.WhenAny(said, Task.Delay(TimeSpan.FromSeconds(1), CancellationToken.None)) == said ? await said : "";

    private static string LastLine(string text) => text.Split('\n',
        StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault() ?? "";

    private static string Ending(int exitCode) => exitCode > 128 ? $"ended by signal {exitCode - 128}" : $"exit code {exitCode}";
}
