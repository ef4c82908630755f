using FaultTolerance.StandIn.Hosting;

namespace FaultTolerance.StandIn.TinyModel;

/// <summary><c>stand-in model DIR</c>: writes the tiny model, as an init container of a graph of real processes.</summary>
internal static class ModelProgram
{
    /// <summary>Writes the files, the folder too where it is missing. Always the same bytes.</summary>
    /// <returns>0.</returns>
    /// <exception cref="UsageException">There is not exactly one folder, or it cannot be written.</exception>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, ConsoleLog log, CancellationToken stop)
    {
        if (arguments is not [{ Length: > 0 } folder] || folder.StartsWith('-'))
        {
            throw new UsageException("stand-in model: give one folder, DIR, to write the model's files to");
        }

        try
        {
            Directory.CreateDirectory(folder);
            foreach (var (name, text) in ModelFiles.All)
            {
                await File.WriteAllTextAsync(Path.Combine(folder, name), text, stop);
            }
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"stand-in model: {folder} cannot be written: {refused.Message}");
        }

        log.Info("model", $"wrote the tiny model to {folder}: {string.Join(", ", ModelFiles.All.Keys.Order(StringComparer.Ordinal))}");
        return 0;
    }
}
