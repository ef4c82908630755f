using System.Collections.Immutable;
using FaultTolerance.Faults;
using FaultTolerance.Graphs.Kinds;
using FaultTolerance.Results.Checks;
using FaultTolerance.Results.Measures;

namespace FaultTolerance.Reference;

/// <summary>The files that are generated. <c>./build.sh Reference</c> writes them, and CI checks that they are current.</summary>
internal static class ReferenceFiles
{
    /// <summary>All of them.</summary>
    public static ImmutableArray<ReferenceFile> All { get; } =
    [
        new("scenarios.schema.json", ScenarioSchema.Text),
        new("deploy/rbac.yaml", _ => RoleManifest.OfRuns(FaultKinds.Standard, GraphKinds.Default.All[0])),
        new("deploy/rbac-plain.yaml", _ => RoleManifest.OfPlainGraphs(FaultKinds.Standard, GraphKinds.Default.All[1])),
        new("deploy/rbac-nodes.yaml", _ => RoleManifest.OfNodes(FaultKinds.Standard)),
        new("docs/faults.md", _ => FaultPage.Text(FaultKinds.Standard)),
        ReferenceFile.Section("docs/measuring.md", "measures", () => MeasureTable.Text(MeasureCatalog.Default)),
        ReferenceFile.Section("docs/verdicts.md", "checks", () => CheckTable.Text(CheckCatalog.Default)),
        new("docs/troubleshooting.md", _ => TroubleshootingPage.Text()),
    ];

    /// <summary>Writes those that are not as they should be.</summary>
    /// <param name="root">The repository's root.</param>
    /// <returns>The paths of those that were written.</returns>
    /// <exception cref="FaultMatrixException">FT0712: a file cannot be written; FT0904: its marks are missing.</exception>
    public static IEnumerable<string> WriteTo(string root)
    {
        foreach (var file in All)
        {
            var path = Path.Combine(root, file.Path);
            var old = File.Exists(path) ? File.ReadAllText(path) : null;
            var text = file.Write(old);
            if (text != old)
            {
                Reports.AtomicFile.WriteText(path, text);
                yield return file.Path;
            }
        }
    }
}
