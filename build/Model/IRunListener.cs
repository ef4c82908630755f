namespace FaultMatrix.Build.Model;

/// <summary>Hears of a run while it goes on. Called from any thread, one call at a time for one scenario.</summary>
internal interface IRunListener
{
    /// <summary>One event as one line.</summary>
    /// <param name="level">How much it matters.</param>
    /// <param name="scenario">The scenario it is about, or null.</param>
    /// <param name="text">The line, without the scenario's name.</param>
    void Line(Level level, string? scenario, string text);

    /// <summary>The scenario is through, its teardown included.</summary>
    void ScenarioEnded(string scenario, bool succeeded);

    /// <summary>Something is waited for in a scenario, and nothing has changed for a while: to be shown at once.</summary>
    void Waiting(string scenario, string text) => Line(Level.Information, scenario, text);
}
