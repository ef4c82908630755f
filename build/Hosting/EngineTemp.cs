namespace FaultMatrix.Build.Hosting;

/// <summary>
/// The folder for temporary files of the engine and its worker processes. A worker that is killed cannot clear up after itself; what it
/// leaves here goes with the folder, and nothing of anybody else's does.
/// </summary>
internal sealed class EngineTemp : IDisposable
{
    private const string Variable = "TMPDIR";
    private readonly string? before = Environment.GetEnvironmentVariable(Variable);
    private readonly string? folder;

    /// <summary>Makes the folder; where it cannot be made, that of the machine is used on.</summary>
    /// <param name="path">The folder.</param>
    public EngineTemp(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        try
        {
            folder = Directory.CreateDirectory(path).FullName;
            Environment.SetEnvironmentVariable(Variable, folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            folder = null;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (folder is null)
        {
            return;
        }

        Environment.SetEnvironmentVariable(Variable, before);
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A worker is at it this moment; the next run removes it.
        }
    }
}
