namespace FaultTolerance.Runs;

/// <summary>Where the artefacts of one scenario lie. The names are the reference suite's.</summary>
/// <param name="path">The folder, <c>results/{run}/test_fault_scenario[{scenario}]</c>.</param>
internal sealed class ScenarioFolder(string path)
{
    /// <summary>What every scenario folder's name starts with.</summary>
    public const string Prefix = "test_fault_scenario[";

    /// <summary>The folder.</summary>
    public string Path { get; } = path;

    /// <summary>The runner's log in the reference suite's format.</summary>
    public string TestLog => System.IO.Path.Combine(Path, "test.log.txt");

    /// <summary>Everything that happened, one JSON object a line.</summary>
    public string Timeline => System.IO.Path.Combine(Path, "timeline.jsonl");

    /// <summary>The log of one client, numbered from 0.</summary>
    public string ClientLog(int client) => System.IO.Path.Combine(Path, $"client_{client}.log.txt");

    /// <summary>
    /// The folder of the one client that sends from here beside a load from the cluster: its log and its timeline, as a load's.
    /// </summary>
    public ScenarioFolder Probe => new(System.IO.Path.Combine(Path, "probe"));

    /// <summary>The folder of one service's pods.</summary>
    public string Service(string service) => System.IO.Path.Combine(Path, service);

    /// <summary>The folder of a scenario inside a run's folder.</summary>
    public static ScenarioFolder In(string runFolder, string scenario) =>
        new(System.IO.Path.Combine(runFolder, $"{Prefix}{scenario}]"));
}
