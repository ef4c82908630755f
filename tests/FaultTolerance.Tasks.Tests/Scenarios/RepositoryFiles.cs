using System.Runtime.CompilerServices;
using FaultTolerance.Faults;
using FaultTolerance.Results.Checks;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Tests.Scenarios;

/// <summary>Files of this repository that are themselves under test.</summary>
internal static class RepositoryFiles
{
    public static string Scenarios => Path.Combine(Root(), "scenarios.json");

    /// <summary>The kinds of fault and the checks that the product knows.</summary>
    public static ScenarioVocabulary Vocabulary { get; } =
        CheckCatalog.Default.Vocabulary with
        {
            Faults = FaultKinds.Standard.Vocabulary.Faults,
        };

    /// <summary>The matrix that upstream keeps today.</summary>
    public static string TodayScenarios => Path.Combine(Root(), "scenarios-today.json");

    /// <summary>A row of every kind of fault.</summary>
    public static string FaultScenarios => Path.Combine(Root(), "scenarios-faults.json");

    public static string Rbac => Path.Combine(Root(), "deploy", "rbac.yaml");

    public static string Schema => Path.Combine(Root(), "scenarios.schema.json");

    public static string Parameters => Path.Combine(Root(), "src", "FaultTolerance.Tasks", "build", "FaultTolerance.Parameters.props");

    public static string Targets => Path.Combine(Root(), "src", "FaultTolerance.Tasks", "build", "FaultTolerance.Tasks.targets");

    /// <summary>What the tool reads its scenarios by.</summary>
    public static ScenarioOptions Own { get; } = new() { Vocabulary = Vocabulary };

    /// <summary>The same, whether manifests are there or not.</summary>
    public static ScenarioOptions NoManifests { get; } = Own with { CheckManifests = false };

    /// <summary>The folder of the rooms.</summary>
    public static string Domain => Path.Combine(Root(), "src", "FaultTolerance.Tasks");

    private static string Root([CallerFilePath] string self = "") => Path.GetFullPath("../../..", Path.GetDirectoryName(self)!);
}
