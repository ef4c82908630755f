using System.Runtime.CompilerServices;
using FaultTolerance.Scenarios;

namespace FaultTolerance.Tests.Scenarios;

/// <summary>Files of this repository that are themselves under test.</summary>
internal static class RepositoryFiles
{
    public static string Scenarios => Path.Combine(Root(), "scenarios.json");

    /// <summary>The kinds of fault that the product knows.</summary>
    public static ScenarioVocabulary Vocabulary => FaultTolerance.Faults.FaultKinds.Standard.Vocabulary;

    public static string Rbac => Path.Combine(Root(), "deploy", "rbac.yaml");

    public static string Schema => Path.Combine(Root(), "scenarios.schema.json");

    public static string Parameters => Path.Combine(Root(), "src", "FaultTolerance.Tasks", "build", "FaultTolerance.Parameters.props");

    private static string Root([CallerFilePath] string self = "") => Path.GetFullPath("../../..", Path.GetDirectoryName(self)!);
}
