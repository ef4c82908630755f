using Microsoft.Build.Framework;

namespace FaultTolerance.Tasks;

/// <summary>
/// Tells the front how a scenario is getting on. The event type crosses worker nodes and replays from a binary log; our own event
/// classes would do neither.
/// </summary>
/// <param name="engine">The engine of the task that reports.</param>
/// <param name="scenario">The scenario's name.</param>
/// <param name="phase">The phase, <c>Deploy</c> ... <c>Teardown</c>.</param>
internal sealed class Progress(IBuildEngine engine, string scenario, string phase)
{
    /// <summary>The type by which the front knows these events.</summary>
    public const string EventType = "faultmatrix.progress";

    /// <summary>
    /// Reports a state (<c>started</c>, <c>progress</c>, <c>waiting</c>, <c>done</c>, <c>failed</c>) with a line to read and further keys.
    /// </summary>
    public void Report(string state, string text, params (string Key, string? Value)[] keys)
    {
        var metadata = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["scenario"] = scenario,
            ["phase"] = phase,
            ["state"] = state,
            ["text"] = text,
        };
        foreach (var (key, value) in keys)
        {
            if (value is not null)
            {
                metadata[key] = value;
            }
        }

        engine.LogMessageEvent(
            new ExtendedBuildMessageEventArgs(EventType, $"{scenario} {phase} {text}", null, "FaultMatrix", MessageImportance.Low)
            {
                ExtendedMetadata = metadata,
            }
        );
    }
}
