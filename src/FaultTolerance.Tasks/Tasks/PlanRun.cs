using System.Collections.Immutable;
using System.Net;
using FaultTolerance.Cluster;
using FaultTolerance.Faults;
using FaultTolerance.Graphs;
using FaultTolerance.Graphs.Kinds;
using FaultTolerance.Planning;
using FaultTolerance.Scenarios;
using FaultTolerance.Tasks.Urls;
using k8s.Models;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace FaultTolerance.Tasks;

/// <summary>
/// Says what a run would do. Where a cluster is read, that is done with GETs and access reviews only: nothing is created, changed or
/// deleted.
/// </summary>
public sealed class PlanRun : ClusterTask
{
    /// <summary>The scenarios file.</summary>
    public string ScenariosFile { get; set; } = "";

    /// <summary>The profile; empty takes the file's default.</summary>
    public string LoadProfile { get; set; } = "";

    /// <summary>Image for every service; empty keeps the manifests'.</summary>
    public string Image { get; set; } = "";

    /// <summary>Model; empty takes the first that the graph lists.</summary>
    public string Model { get; set; } = "";

    /// <summary>The scenarios that are meant.</summary>
    public string[] Scenario { get; set => field = ScenarioSource.List(value); } = [];

    /// <summary>Set where a run is gone on with: its own plan says what its rows are, whatever the scenarios file says.</summary>
    public bool Continue { get; set; }

    /// <summary>The run that is gone on with; empty for the latest.</summary>
    public string Run { get; set; } = "";

    /// <summary>Folder of all runs.</summary>
    public string Results { get; set; } = "";

    /// <summary>
    /// The address of a service, with its options as metadata (Url, Http, Api, CaFile, ApiKeyFile, HeadersFile, Transport).
    /// </summary>
    public ITaskItem? Address { get; set; }

    /// <summary>Image with tc, ip and nft of the container that breaks a pod's network; empty for none.</summary>
    public string NetworkImage { get; set; } = "";

    /// <summary>Whether the cluster is read: its versions and our permissions. Else graphs are computed as their manifests are.</summary>
    public bool ReadsCluster { get; set; }

    /// <summary>The plan, one item a line: metadata Text, Kind, Scenario, Service, Short.</summary>
    [Output]
    public ITaskItem[] Lines { get; set; } = [];

    /// <inheritdoc/>
    protected override async System.Threading.Tasks.Task RunAsync(CancellationToken cancellation)
    {
        using var session = ReadsCluster ? await ConnectAsync(cancellation) : null;
        var lines = new List<PlanLine>();
        var graphs = new List<Graph>();
        var chosen = Chosen();
        var options = new FaultOptions { NetworkImage = ScenarioSource.Given(NetworkImage) };
        PodLoads.Refuse(chosen, UrlOptions.Of(Address).Ingress is not null);
        var (pods, unnamed) = await PodsAsync(session, cancellation);
        foreach (var scenario in chosen)
        {
            if (scenario.Deployment.Url is not null)
            {
                lines.AddRange(ScenarioPlan.Lines(scenario));
                continue;
            }

            var graph = session is null
                ? await GraphKinds.Default.LoadAsWrittenAsync(scenario, "plan", Namespace, cancellation)
                : await GraphKinds.Default.LoadAsync(session, scenario, "plan", cancellation);
            graphs.Add(graph);
            var sight = session is null ? new PlanSight(graph, null, []) : await PlanSight.OfAsync(session, graph, pods, cancellation);
            sight = unnamed is null ? sight : sight with { Unnamed = unnamed };
            var reach = await FaultReach.OfAsync(scenario, sight, FaultKinds.Standard, options, cancellation);
            lines.AddRange(ScenarioPlan.Lines(scenario, graph, FaultKinds.Standard, reach));
        }

        if (session is not null)
        {
            var answers = await session.ReviewAsync(
                RunPermissions.Of([.. chosen.Where(row => row.Deployment.Url is null)], graphs), cancellation);
            lines.AddRange(PermissionPlan.Lines(answers, $"namespace '{session.Namespace}' of {session.Server}"));
            if (answers.Any(a => !a.Allowed))
            {
                Log.LogWarning(
                    null,
                    "FT0311",
                    null,
                    null,
                    0,
                    0,
                    0,
                    0,
                    "{0}",
                    $"missing permissions in namespace '{session.Namespace}': the run would be refused before it deploys anything; deploy/rbac.yaml grants them"
                );
            }
        }

        Lines = [.. lines.Select(Item)];
    }

    private ImmutableArray<Scenarios.Scenario> Chosen()
    {
        if (Continue && RunLookup.Latest(Results, Run, Scenario) is { } folder)
        {
            return RunPlans.Read(folder).Select(Scenario, Path.GetFileName(folder));
        }

        return UrlOptions.Of(Address).Catalog(ScenariosFile, isNamed: false, LoadProfile, Image, Model).Select(Scenario);
    }

    // What may not be read is told in the plan, and is no reason to give none.
    private static async System.Threading.Tasks.Task<(IReadOnlyList<V1Pod> Pods, string? Unnamed)> PodsAsync(
        ClusterSession? session, CancellationToken cancellation)
    {
        if (session is null)
        {
            return ([], "a plan without a cluster names none");
        }

        try
        {
            return (await session.ListAsync<V1Pod>(ResourceType.Pods, default, cancellation), null);
        }
        catch (ClusterException e) when (e.Status == HttpStatusCode.Forbidden)
        {
            return ([], "they may not be listed, so none is named");
        }
    }

    private static TaskItem Item(PlanLine line, int number)
    {
        // The text is metadata: an item's name must not hold what MSBuild takes for a wildcard.
        var item = new TaskItem($"line-{number + 1}");
        item.SetMetadata("Text", Escape(line.Text));
        item.SetMetadata("Kind", line.Kind.ToString());
        item.SetMetadata("Scenario", line.Scenario);
        item.SetMetadata("Service", line.Service);
        item.SetMetadata("Short", Escape(line.Short));
        return item;
    }

    private static string Escape(string text) =>
        text.Replace("%", "%25", StringComparison.Ordinal).Replace(";", "%3b", StringComparison.Ordinal);
}
