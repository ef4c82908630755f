namespace FaultMatrix.Build.Commands;

/// <summary>
/// The tests that needed their second attempt the last time, one full name a line. Once is a machine's mood and is told as a warning;
/// twice in a row is a fault of the test or of the product, and is told as a failure. A CI that starts from a fresh clone keeps this
/// file between its runs.
/// </summary>
/// <param name="file">The file; it need not exist.</param>
internal sealed class SecondTries(string file)
{
    /// <summary>Where the file lies below the checkout's root: alone in its folder, which a CI's cache takes whole.</summary>
    public static string Below(string root) => Path.Combine(root, ".nuke", "temp", "second-tries", "tests.txt");

    /// <summary>
    /// Counts as failed what needed its second attempt now and the last time, and keeps the names of this time for the next.
    /// </summary>
    /// <exception cref="IOException">The file cannot be read or written.</exception>
    public async Task<TestTally> JudgeAsync(TestTally tally, CancellationToken cancellationToken)
    {
        var before = File.Exists(file) ? (await File.ReadAllLinesAsync(file, cancellationToken)).ToHashSet(StringComparer.Ordinal) : [];
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllLinesAsync(file, tally.Unsteady.Select(Name).Distinct(StringComparer.Ordinal), cancellationToken);
        return tally.WithFailed([.. tally.Unsteady.Where(t => before.Contains(Name(t)))], "needed its second attempt two times in a row");
    }

    private static string Name(FailedTest test) => $"{test.Project}: {test.Method}";
}
