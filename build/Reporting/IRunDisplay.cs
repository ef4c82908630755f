namespace FaultMatrix.Build.Reporting;

/// <summary>Shows a run while it goes on.</summary>
internal interface IRunDisplay : IAsyncDisposable
{
    /// <summary>One event as one line.</summary>
    void Line(Level level, string? scenario, string text);

    /// <summary>The scenario is through, its teardown included.</summary>
    void ScenarioEnded(string scenario, bool succeeded);
}
