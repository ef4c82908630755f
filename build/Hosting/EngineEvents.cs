using FaultMatrix.Build.Model;

namespace FaultMatrix.Build.Hosting;

/// <summary>What the engine's events mean to the front. Called from one thread at a time, in the order of the events.</summary>
internal interface IEngineListener
{
    void Progress(ProgressEvent progress);

    /// <param name="scenario">The scenario it is about, or null.</param>
    /// <param name="important">Shown at normal verbosity.</param>
    /// <param name="text">The message.</param>
    void Message(string? scenario, bool important, string text);

    /// <param name="scenario">The scenario it is about, or null.</param>
    /// <param name="isError">An error, or a warning.</param>
    /// <param name="error">What is wrong.</param>
    void Problem(string? scenario, bool isError, FrontError error);

    void TargetStarted(string? scenario, string target);

    void TargetFinished(string? scenario, string target, bool succeeded, TimeSpan duration);
}

/// <summary>The end of an engine call.</summary>
/// <param name="Succeeded">All of it succeeded.</param>
/// <param name="Items">What the called target returned.</param>
internal sealed record EngineResult(bool Succeeded, IReadOnlyList<EngineItem> Items);

/// <summary>An item that a target returned.</summary>
internal sealed record EngineItem(string Name, IReadOnlyDictionary<string, string> Metadata);
