using FaultTolerance.Artefacts.ClientLogs;
using FaultTolerance.Artefacts.Events;
using FaultTolerance.Results.Reading;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Fuzz;

/// <summary>
/// What is fuzzed: each reader of files that others write. A reader may refuse what it is given; it may not throw anything else, nor lose a
/// line without a word.
/// </summary>
internal static class Targets
{
    private static readonly Dictionary<string, Action<byte[]>> All = new(StringComparer.Ordinal)
    {
        ["client-log"] = ClientLog,
        ["pod-log"] = PodLog,
        ["timeline"] = bytes => InFile(bytes, "timeline.jsonl", path => Timeline.Read(path)),
        ["scenarios"] = Scenarios,
    };

    public static IEnumerable<string> Names => All.Keys;

    public static Action<byte[]>? Find(string name) => All.GetValueOrDefault(name);

    private static void ClientLog(byte[] bytes) => InFile(bytes, "client_0.log.txt", path =>
    {
        var log = new ClientLogReader(TimeSpan.Zero).Read(path, 0);
        Check(log.Attempts.Count >= log.Sent, "a request was counted as sent without an attempt");
        Check(log.Attempts.All(attempt => attempt.ElapsedNanoseconds >= 0), "a negative time was taken");
    });

    private static void PodLog(byte[] bytes) => InFile(bytes, Path.Combine("Frontend", "p.log"), path =>
        Check(PodLogReader.Read(Path.GetDirectoryName(Path.GetDirectoryName(path))!, []).Files == 1, "the log was not read"));

    private static void Scenarios(byte[] bytes)
    {
        try
        {
            ScenarioFile.Parse(
                bytes,
                "/x/scenarios.json",
                new ScenarioOptions { CheckManifests = false, Vocabulary = FaultTolerance.Tasks.ScenarioSource.Vocabulary }
            );
        }
        catch (ScenarioFileException refused)
        {
            Check(refused.Diagnostics.Length > 0, "a file was refused without a reason");
        }
    }

    private static void InFile(byte[] bytes, string name, Action<string> read)
    {
        var folder = Directory.CreateTempSubdirectory("fuzz-").FullName;
        try
        {
            var path = Path.Combine(folder, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, bytes);
            read(path);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Check(bool condition, string what)
    {
        if (!condition)
        {
            throw new InvalidOperationException(what);
        }
    }
}
