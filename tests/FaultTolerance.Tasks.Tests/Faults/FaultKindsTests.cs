using System.Text.Json.Nodes;
using FaultTolerance.Cluster;
using FaultTolerance.Faults;
using FaultTolerance.Graphs.Kinds;
using FaultTolerance.Graphs.Manifests;
using FaultTolerance.Scenarios;
using FaultTolerance.Scenarios.Reading;
using FaultTolerance.Tests.Scenarios;

namespace FaultTolerance.Tests.Faults;

/// <summary>Files beside the code that say what the kinds of fault are.</summary>
public sealed class FaultKindsTests
{
    [Fact]
    public void Schema_has_what_the_kinds_say()
    {
        var written = JsonNode.Parse(File.ReadAllText(RepositoryFiles.Schema))!["definitions"]!["fault"]!.AsObject();
        var expected = FaultSchema.Of(written, [.. FaultKinds.Standard.All]);
        var options = new System.Text.Json.JsonSerializerOptions { WriteIndented = true };

        Assert.Equal(expected.ToJsonString(options), written.ToJsonString(options));
    }

    [Fact]
    public void Repositorys_rows_of_faults_show_every_kind()
    {
        var shown = ScenarioFile.Load(RepositoryFiles.FaultScenarios, RepositoryFiles.Own).Matrix
            .SelectMany(row => row.Failure.Faults).Select(fault => fault.Kind).ToHashSet(StringComparer.Ordinal);

        Assert.Empty(FaultKinds.Standard.All.Select(kind => kind.Kind).Except(shown, StringComparer.Ordinal));
    }

    [Fact]
    public void Role_has_exactly_the_rights_of_all_kinds_of_every_run_and_of_the_graph()
    {
        var role = Manifest
            .Parse("rbac.yaml", File.ReadAllText(RepositoryFiles.Rbac))
            .Documents.Single(document => document.Kind == "Role")
            .Body;
        var granted =
            from rule in role["rules"]!.AsArray()
            from @group in rule!["apiGroups"]!.AsArray()
            from resource in rule["resources"]!.AsArray()
            from verb in rule["verbs"]!.AsArray()
            let parts = resource!.GetValue<string>().Split('/')
            select new Permission(verb!.GetValue<string>(), @group!.GetValue<string>(), parts[0], parts.ElementAtOrDefault(1) ?? "");
        var needed = Permission.ForRuns.Concat(Permission.ForPodLoads).Concat(FaultKinds.Standard.Permissions)
            .Concat(FaultKinds.Standard.All.SelectMany(kind => kind.RightsOn(GraphKinds.Default.All[0])))
            .Concat(new DynamoGraphKind().Owned.SelectMany(owned => owned.Rights)).Distinct();

        Assert.Equal(
            needed.Select(p => p.ToString()).Order(StringComparer.Ordinal),
            granted.Select(p => p.ToString()).Order(StringComparer.Ordinal)
        );
    }
}
