namespace FaultTolerance.Scenarios;

/// <summary>What is asked of <see cref="ScenarioFile.Load"/> beside the file.</summary>
internal sealed record ScenarioOptions
{
    /// <summary>The profile's name; null takes the file's <c>defaultProfile</c>, or <c>quick</c>.</summary>
    public string? Profile { get; init; }

    /// <summary>Images as given on the command line (<see cref="GivenImages"/>); null keeps the file's.</summary>
    public string? Image { get; init; }

    /// <summary>The same, read.</summary>
    internal GivenImages Images => GivenImages.Of(Image);

    /// <summary>Model that requests name; null keeps the file's.</summary>
    public string? Model { get; init; }

    /// <summary>From where all loads come; null keeps what each of them says.</summary>
    public LoadSource? Source { get; init; }

    /// <summary>The kinds of fault and the checks that the file may name.</summary>
    public ScenarioVocabulary Vocabulary { get; init; } = new();

    /// <summary>Whether a manifest that is not there is a fault of the file.</summary>
    public bool CheckManifests { get; init; } = true;

    /// <summary>
    /// What is wrong in a manifest, by its full path and the graph that is meant in it: told with the file's own faults. Only
    /// <see cref="CheckManifests"/> asks.
    /// </summary>
    public Func<string, string?, IReadOnlyList<FaultMatrixException>> ManifestFaults { get; init; } = static (_, _) => [];
}
