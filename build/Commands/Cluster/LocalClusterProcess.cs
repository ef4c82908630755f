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

    private LocalClusterProcess(Process process, LocalClusterOptions options, JsonElement ready)
    {
        this.process = process;
        this.options = options;
        Server = ready.GetProperty("server").GetString()!;
        Pid = ready.GetProperty("pid").GetInt32();
        Note = ready.TryGetProperty("note", out var note) && note.GetString() is { Length: > 0 } text ? " " + text : "";
    }

    public string Server { get; }

    public int Pid { get; }

    /// <summary>What the cluster wants the user to know, with a blank before it; or nothing.</summary>
    public string Note { get; }

    public string Kubeconfig => options.Kubeconfig;

    /// <exception cref="FrontException">The cluster did not start; with what it said.</exception>
    public static async Task<LocalClusterProcess> StartAsync(LocalClusterOptions options, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(options.LogFile)!);
        var started = Process.Start(StartInfo(options)) ?? throw new FrontException("FT0303", $"'{options.Program}' could not be started.");
        var errors = options.Lasting ? Task.FromResult("") : started.StandardError.ReadToEndAsync(CancellationToken.None);
        try
        {
            var line = options.Lasting
                ? await ReadyLineAsync(options.LogFile, started, cancellationToken)
                : await started.StandardOutput.ReadLineAsync(cancellationToken);
            if (line is not null && line.StartsWith('{'))
            {
                // Nobody reads on, and a full pipe would stop the cluster.
                _ = options.Lasting ? Task.CompletedTask : started.StandardOutput.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
                return new LocalClusterProcess(started, options, JsonDocument.Parse(line).RootElement);
            }

            await started.WaitForExitAsync(cancellationToken);
            var said = options.Lasting ? await File.ReadAllTextAsync(options.LogFile, cancellationToken) : await errors;
            var message = said.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault() ?? "it said nothing";
            throw new FrontException("FT0303", $"The local cluster did not start (exit code {started.ExitCode}): {message}");
        }
        catch
        {
            await EndAsync(started, options);
            File.Delete(options.LogFile);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!options.Lasting)
        {
            await EndAsync(process, options);
        }

        process.Dispose();
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
        }

        File.Delete(options.Kubeconfig);
    }
}
