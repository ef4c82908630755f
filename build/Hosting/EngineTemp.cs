namespace FaultMatrix.Build.Hosting;

/// <summary>
/// The folder for temporary files of the engine and its worker processes. A worker that is killed cannot clear up after itself; what it
/// leaves here goes with the folder, and nothing of anybody else's does.
/// </summary>
internal sealed class EngineTemp : IAsyncDisposable
{
    /// <summary>How long workers that are ending may still write here.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private const string Variable = "TMPDIR";
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);
    private readonly TimeProvider _time;
    private readonly string? _before = Environment.GetEnvironmentVariable(Variable);
    private readonly string? _folder;

    /// <summary>Makes the folder; where it cannot be made, that of the machine is used on.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="time">For the patience.</param>
    public EngineTemp(string path, TimeProvider time)
    {
        _time = time;
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        try
        {
            _folder = Directory.CreateDirectory(path).FullName;
            Environment.SetEnvironmentVariable(Variable, _folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _folder = null;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_folder is null)
        {
            return;
        }

        Environment.SetEnvironmentVariable(Variable, _before);
        var since = _time.GetTimestamp();
        using var timer = new PeriodicTimer(Look, _time);
        while (!IsRemoved() && _time.GetElapsedTime(since) < Patience)
        {
            await timer.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    // Not while a worker writes to it. What is left after the patience the next run removes.
    private bool IsRemoved()
    {
        try
        {
            Directory.Delete(_folder!, recursive: true);
            return true;
        }
        catch (DirectoryNotFoundException)
        {
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
