using System.Text;
using FaultTolerance.Runs;

namespace FaultTolerance.Artefacts.TestLogs;

/// <summary>
/// <c>test.log.txt</c>: the runner's log in the reference suite's format, <c>[TEST] 2025-09-24T10:30:45.123456 INFO name: message</c>,
/// naive UTC. Its parser looks for three literal texts, which <see cref="Starting"/>, <see cref="Ready"/> and <see cref="Injecting"/>
/// write.
/// </summary>
internal sealed class TestLog : IDisposable
{
    private const string ReferenceName = "fault-tolerance-test";
    private readonly AppendFile _file;
    private readonly RunClock _clock;

    /// <summary>Opens the log for appending.</summary>
    public TestLog(string path, RunClock clock) => (_file, _clock) = (new AppendFile(path), clock);

    /// <summary>The graph is about to be created; Startup counts from here.</summary>
    public DateTimeOffset Starting(string graph) =>
        Write("INFO", "ManagedDeployment", $"Starting Deployment {ReferenceName} with spec of graph {graph}");

    /// <summary>The graph is ready and its model answers; Startup ends here.</summary>
    public DateTimeOffset Ready(string graph) => Write("INFO", "ManagedDeployment", $"Deployment {ReferenceName} is ready: graph {graph}");

    /// <summary>A fault is about to be injected; the last of these lines parts Before from After.</summary>
    public DateTimeOffset Injecting(string failure) => Write("INFO", "test_fault_scenario", $"Injecting failure for: {failure}");

    /// <summary>Any other line.</summary>
    public DateTimeOffset Info(string name, string message) => Write("INFO", name, message);

    /// <summary>A line about something that went wrong.</summary>
    public DateTimeOffset Error(string name, string message) => Write("ERROR", name, message);

    /// <summary>The first write that failed, or null; nothing was written from then on.</summary>
    public FaultMatrixException? Failure => _file.Failure;

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private DateTimeOffset Write(string level, string name, string message)
    {
        var now = _clock.Now;
        var line = SecretText.Hide(ForeignText.Line(message));
        _file.Write(Encoding.UTF8.GetBytes($"[TEST] {RunClock.FormatLegacy(now)} {level} {name}: {line}\n"));
        return now;
    }
}
