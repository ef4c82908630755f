using System.Text.RegularExpressions;
using FaultTolerance.Tests.Scenarios;

namespace FaultTolerance.Tests.Architecture;

/// <summary>
/// The two ways through the code that ARCHITECTURE.md tells, as lists of files. Each is under 25 files and goes in one direction: a file
/// is named in one that was read before it, and a room that was left is not entered again. The thin MSBuild tasks are the points where
/// a phase begins; a file format stands between its writer and its reader.
/// </summary>
public sealed partial class WalkTests
{
    private static readonly string[] OfAFailure =
    [
        "build/FaultTolerance.Tasks.targets",
        "Tasks/InjectFaults.cs",
        "Tasks/ScenarioTask.cs",
        "Tasks/ScenarioSource.cs",
        "Scenarios/ScenarioFile.cs",
        "Scenarios/Reading/FailureSection.cs",
        "Scenarios/Failure.cs",
        "Faults/FaultInjector.cs",
        "Faults/FaultKinds.cs",
        "Faults/IFaultKind.cs",
        "Faults/KillProcess/KillProcessKind.cs",
        "Faults/KillProcess/ProcessKill.cs",
        "Faults/KillProcess/KillProof.cs",
        "Faults/KillProcess/KillScript.cs",
        "Faults/KillProcess/KillWatch.cs",
        "Faults/FaultContext.cs",
        "Artefacts/Events/FaultEvents.cs",
        "Artefacts/Events/TimelineWriter.cs",
        "Tasks/ParseResults.cs",
        "Results/RunParser.cs",
        "Results/ScenarioParser.cs",
        "Results/FaultProof.cs",
        "Reports/ReportWriter.cs",
        "Reports/SummaryText.cs",
    ];

    private static readonly string[] OfAnAttempt =
    [
        "build/FaultTolerance.Tasks.targets",
        "Tasks/StartLoad.cs",
        "Load/LoadGenerator.cs",
        "Load/LoadContext.cs",
        "Load/LoadRun.cs",
        "Load/Clients/ClosedLoopClient.cs",
        "Load/Clients/RequestRunner.cs",
        "Load/Http/ClientConnections.cs",
        "Load/IFrontendTransport.cs",
        "Load/Http/HttpConnection.cs",
        "Load/Http/AnswerReader.cs",
        "Load/Clients/StreamedAttempt.cs",
        "Load/Streaming/StreamedAnswer.cs",
        "Load/Classification/OutcomeClassifier.cs",
        "Load/Recording/ClientLogs.cs",
        "Artefacts/ClientLogs/ClientLogWriter.cs",
        "Artefacts/ClientLogs/ClientLogReader.cs",
        "Tasks/ParseResults.cs",
        "Results/RunParser.cs",
        "Results/ScenarioParser.cs",
        "Results/Reading/ClientLogFiles.cs",
        "Results/Legacy/LegacyParser.cs",
        "Reports/ReportWriter.cs",
        "Reports/SummaryText.cs",
    ];

    public static TheoryData<string[]> Walks => [OfAFailure, OfAnAttempt];

    [Theory]
    [MemberData(nameof(Walks))]
    public void Walk_is_under_25_files(string[] walk) => Assert.InRange(walk.Length, 1, 24);

    [Theory]
    [MemberData(nameof(Walks))]
    public async Task Walk_meets_no_file_that_nothing_before_it_names(string[] walk)
    {
        var texts = await Task.WhenAll(walk.Select(file => File.ReadAllTextAsync(PathOf(file), TestContext.Current.CancellationToken)));
        for (var i = 1; i < walk.Length; i++)
        {
            var types = Declared().Matches(texts[i]).Select(m => m.Groups["name"].Value).ToHashSet(StringComparer.Ordinal);
            var readers = walk[i].StartsWith("Artefacts/", StringComparison.Ordinal) ? texts.Where((_, j) => j != i) : texts.Take(i);

            Assert.True(readers.Any(text => Word().Matches(text).Any(word => types.Contains(word.Value))), $"{walk[i]} is named by no file before it");
        }
    }

    [Theory]
    [MemberData(nameof(Walks))]
    public void Walk_enters_each_room_once(string[] walk)
    {
        var rooms = walk.Select(file => file.Split('/')[0]).Where(room => room != "Tasks").ToList();

        Assert.Equal(rooms.Distinct(), rooms.Where((room, i) => i == 0 || rooms[i - 1] != room));
    }

    private static string PathOf(string file) => Path.Combine(RepositoryFiles.Domain, file);

    [GeneratedRegex(@"\b(class|record|struct|interface|enum) (?<name>\w+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Declared();

    [GeneratedRegex(@"\w+", RegexOptions.None, 1000)]
    private static partial Regex Word();
}
