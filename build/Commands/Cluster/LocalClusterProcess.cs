using System.ComponentModel;
using System.Diagnostics;
using FaultMatrix.Build.Model;
using FaultMatrix.Shared;

namespace FaultMatrix.Build.Commands.Cluster;

/// <summary>
/// A local cluster's process (<see cref="ClusterProgram"/>). A terminal's Ctrl+C ends the run and not the cluster: the teardown still needs
/// it. A temporary one ends when its standard input does, whatever way this process ends.
/// </summary>
internal sealed class LocalClusterProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly LocalClusterOptions _options;
    private readonly Task<string> _said;

    private LocalClusterProcess(
        Process process, LocalClusterOptions options, Task<string> said, (string Server, int Pid, string Note) ready)
    {
        this._process = process;
        this._options = options;
        this._said = said;
        (Server, Pid) = (ready.Server, ready.Pid);
        Note = ready.Note.Length > 0 ? " " + ready.Note : "";
    }

    public string Server { get; }

    public int Pid { get; }

    /// <summary>What the cluster wants the user to know, with a blank before it; or nothing.</summary>
    public string Note { get; }

    public string Kubeconfig => _options.Kubeconfig;

    /// <exception cref="FrontException">The cluster did not start, with what it said, or not in time.</exception>
    public static async Task<LocalClusterProcess> StartAsync(LocalClusterOptions options, CancellationToken cancellationToken)
    {
        var started = Start(options);
        var words = options.Lasting ? Task.FromResult("") : ClusterProgram.LastLineAsync(started.StandardError);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.StartLimit);
        try
        {
            var line = options.Lasting
                ? await ReadyLineAsync(options.LogFile, started, limit.Token)
                : await started.StandardOutput.ReadLineAsync(limit.Token);
            if (ClusterProgram.Ready(line) is { } ready)
            {
                if (!options.Lasting)
                {
                    ClusterProgram.Drain(started.StandardOutput);
                }

                return new LocalClusterProcess(started, options, words, ready);
            }

            await started.WaitForExitAsync(limit.Token);
            var message = options.Lasting ? LastLine(await File.ReadAllTextAsync(options.LogFile, limit.Token))
                : await ClusterProgram.SaidAsync(words, TimeProvider.System);
            throw new FrontException(
                "FT0303",
                $"The local cluster did not start ({ClusterProgram.Ending(started.ExitCode)}): {(message.Length > 0 ? message : "it said nothing")}");
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
        await _process.WaitForExitAsync(cancellationToken);
        var last = await ClusterProgram.SaidAsync(_said, TimeProvider.System);
        return ClusterProgram.Ending(_process.ExitCode) + (last.Length > 0 ? ": " + last : "");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_options.Lasting)
        {
            await EndAsync(_process, _options);
        }

        _process.Dispose();
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
        List<string> words = [];
        if (options.Lasting)
        {
            // The shell only redirects: every word comes as an argument of its own.
            words.AddRange(["/bin/sh", "-c", "exec \"$@\" </dev/null >\"$FAULTMATRIX_LOG\" 2>&1", "sh"]);
        }

        words.Add(options.Program);
        words.AddRange(options.Arguments);
        var info = ClusterProgram.StartInfo(words, piped: !options.Lasting);
        // It may outlive this process and its engine, whose own folder goes with them.
        info.Environment["TMPDIR"] = options.TemporaryFolder;
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

        await ClusterProgram.EndedAsync(process);
        options.RemoveFiles();
    }

    private static string LastLine(string text) => text.Split('\n',
        StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault() ?? "";
}
