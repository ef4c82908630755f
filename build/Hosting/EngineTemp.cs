namespace FaultMatrix.Build.Hosting;

/// <summary>
/// The folder for temporary files of the engine and its worker processes. A worker that is killed cannot clear up after itself; what it
/// leaves here goes with the folder, and nothing of anybody else's does.
/// </summary>
internal sealed class EngineTemp
{
    /// <summary>How long workers that are ending may still write here.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>What the folder is called before its process's number.</summary>
    public const string Prefix = "local-";

    /// <summary>What it is called after that.</summary>
    public const string Suffix = ".engine";

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

    /// <summary>
    /// Removes the folder once no worker lives that may write to it: one that still ends would make it again. A worker that hangs on a
    /// cluster that is gone ends after this process; it is not waited for.
    /// </summary>
    /// <param name="workersEnd">Whether the workers have been told to end, and do.</param>
    public async Task RemoveAsync(bool workersEnd)
    {
        if (_folder is null)
        {
            return;
        }

        Environment.SetEnvironmentVariable(Variable, _before);
        await RemoveAsync(_folder, workersEnd ? () => WorkerProcesses.Living().Count > 0 : () => false, _time);
    }

    /// <summary>Removes a folder that nobody uses any more; what is left after <see cref="Patience"/> the next run removes.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="isUsed">Whether somebody still writes to it.</param>
    /// <param name="time">For the patience.</param>
    internal static async Task RemoveAsync(string folder, Func<bool> isUsed, TimeProvider time)
    {
        var since = time.GetTimestamp();
        using var timer = new PeriodicTimer(Look, time);
        while (isUsed() && time.GetElapsedTime(since) < Patience)
        {
            await timer.WaitForNextTickAsync(CancellationToken.None);
        }

        while (!IsRemoved(folder) && time.GetElapsedTime(since) < Patience)
        {
            await timer.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    // Not while somebody makes a file in it.
    private static bool IsRemoved(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
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
