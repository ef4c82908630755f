using FaultTolerance.Artefacts.ClientLogs;
using FaultTolerance.Runs;

namespace FaultTolerance.Load.Recording;

/// <summary>All client logs of a load, and the one task that writes them out. The first error of the disk ends the load.</summary>
internal sealed class ClientLogs : IAsyncDisposable
{
    /// <summary>How long a line may stay in memory only.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    private readonly ClientLogWriter[] _logs;
    private readonly Action<FaultMatrixException> _failed;
    private readonly CancellationTokenSource _stop = new();
    private readonly TimeProvider _time;
    private readonly ScenarioFolder _folder;
    private Task _writing = Task.CompletedTask;
    private readonly int _first;
    private FaultMatrixException? _error;

    public ClientLogs(ScenarioFolder folder, ClientShare share, RunClock clock, Action<FaultMatrixException> failed)
    {
        _first = share.First;
        _folder = folder;
        _failed = failed;
        // The files are real, and so is the time they are flushed by, whatever clock the load runs on.
        _time = TimeProvider.System;
        _logs = new ClientLogWriter[share.Count];
        for (var i = 0; i < share.Count; i++)
        {
            _logs[i] = new ClientLogWriter(folder.ClientLog(share.First + i), clock);
        }
    }

    /// <summary>The log of a client.</summary>
    public ClientLogWriter this[int client] => _logs[client - _first];

    /// <summary>Lines recorded in all logs.</summary>
    public long Lines => _logs.Sum(l => l.Lines);

    /// <summary>Opens all files and starts writing. Throws <c>FT0501</c>, with nothing left open.</summary>
    public void Start()
    {
        try
        {
            ResultAccess.CreateFolder(_folder.Path);
            foreach (var log in _logs)
            {
                log.Open();
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            CloseFiles();
            throw new FaultMatrixException("FT0501", $"The client logs in {_folder.Path} cannot be made: {e.Message} "
                + "Make the folder writable, or choose another one.", e) { File = _folder.Path };
        }

        _writing = Task.Run(WriteAsync);
    }

    /// <summary>Writes what is left and closes the files; returns the error that ended the writing, if one did.</summary>
    public async Task<FaultMatrixException?> CloseAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _writing.ConfigureAwait(false);
        Flush();
        CloseFiles();
        return _error;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _writing.ConfigureAwait(false);
        CloseFiles();
        _stop.Dispose();
    }

    /// <summary>Takes an error that a recording thread met when it wrote itself.</summary>
    public void Fail(Exception e)
    {
        var error = new FaultMatrixException("FT0502", $"The client logs in {_folder.Path} cannot be written: {e.Message} "
            + "The load was ended; what stands in the logs is whole up to their last lines. Free some space and run it again.", e)
        { File = _folder.Path };
        if (Interlocked.CompareExchange(ref _error, error, null) is null)
        {
            _failed(error);
        }
    }

    private async Task WriteAsync()
    {
        using var timer = new PeriodicTimer(Interval, _time);
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            Flush();
        }
    }

    private void Flush()
    {
        try
        {
            foreach (var log in _logs)
            {
                if (_error is not null)
                {
                    return;
                }

                log.Flush();
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Fail(e);
        }
    }

    private void CloseFiles()
    {
        foreach (var log in _logs)
        {
            log.Dispose();
        }
    }
}
