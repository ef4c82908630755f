namespace EndToEnd;

/// <summary>A run of which nothing is left at a moment: kill -9 of its front and of every process below it.</summary>
internal static class KilledRun
{
    private const int Kill = 9;

    /// <summary>Starts a run, waits for the moment, kills it, and waits until all its processes are gone.</summary>
    /// <param name="words">What the build script is given.</param>
    /// <param name="reached">Whether the moment has come.</param>
    /// <param name="moment">What it is, for a run that never comes to it.</param>
    public static async Task AtAsync(IReadOnlyList<string> words, Func<Task<bool>> reached, string moment)
    {
        await using var script = BuildScript.Start(words);
        await Eventually.TrueAsync(reached, () => $"never: {moment}; {script.Output}");
        var tree = ProcessTree.Of(script.Id);
        foreach (var process in tree)
        {
            BuildScript.Signal(process.Id, Kill);
        }

        await script.WaitAsync();
        await ProcessTree.AllGoneAsync(tree);
    }
}
