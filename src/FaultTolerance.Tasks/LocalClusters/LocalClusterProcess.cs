using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.Versioning;
using FaultMatrix.Shared;

namespace FaultTolerance.LocalClusters;

/// <summary>
/// A local cluster's process. It gets a session of its own, so that a terminal's Ctrl+C ends the build and not the cluster. It ends when
/// its standard input does: when this is disposed, or when this process ends in whatever way.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class LocalClusterProcess : IDisposable
{
    private readonly Process _process;
    private readonly LocalClusterFolder _folder;

    private LocalClusterProcess(Process process, LocalClusterFolder folder) => (_process, _folder) = (process, folder);

    /// <summary>Its API's address.</summary>
    public string Server { get; private set; } = "";

    /// <summary>What this machine cannot give it, for its user; or empty.</summary>
    public string Note { get; private set; } = "";

    /// <summary>Starts it and waits until it is ready; when that fails, nothing of it is left.</summary>
    /// <param name="options">How.</param>
    /// <param name="time">For the limit.</param>
    /// <param name="cancellation">Ends the start.</param>
    /// <exception cref="FaultMatrixException">FT0303: it did not start, with what it said, or not in time.</exception>
    public static async Task<LocalClusterProcess> StartAsync(
        LocalClusterOptions options, TimeProvider time, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        var folder = LocalClusterFolder.Take(options.Folder);
        Process started;
        try
        {
            options.StandIn.Make(options.ImageFolder);
            started = Process.Start(ClusterProgram.StartInfo(options.Words, piped: true))!;
        }
        catch (Exception e)
        {
            folder.Dispose();
            throw e is Win32Exception or IOException or UnauthorizedAccessException ? CannotStart(e) : e;
        }

        var cluster = new LocalClusterProcess(started, folder);
        try
        {
            await cluster.ReadyAsync(options.StartLimit, time, cancellation);
            return cluster;
        }
        catch
        {
            cluster.Dispose();
            throw;
        }
    }

    /// <summary>Ends it, and all pods with it, and removes its folder.</summary>
    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(ClusterProgram.Patience))
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
        _folder.Dispose();
    }

    private static FaultMatrixException CannotStart(Exception e) =>
        new("FT0303", $"the local cluster could not be started: {e.Message}", e);

    private async Task ReadyAsync(TimeSpan within, TimeProvider time, CancellationToken cancellation)
    {
        var said = ClusterProgram.LastLineAsync(_process.StandardError);
        using var limit = new CancellationTokenSource(within, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        try
        {
            if (ClusterProgram.Ready(await _process.StandardOutput.ReadLineAsync(both.Token)) is { } ready)
            {
                (Server, Note) = (ready.Server, ready.Note);
                ClusterProgram.Drain(_process.StandardOutput);
                return;
            }

            await _process.WaitForExitAsync(both.Token);
            var message = await ClusterProgram.SaidAsync(said, time);
            throw new FaultMatrixException(
                "FT0303",
                $"the local cluster did not start ({ClusterProgram.Ending(_process.ExitCode)}): "
                + (message.Length > 0 ? message : "it said nothing"));
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new FaultMatrixException(
                "FT0303", $"the local cluster was not ready within {within.TotalSeconds:0.#} s and was ended", e);
        }
    }
}
