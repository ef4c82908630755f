using FaultTolerance.Cluster;
using Microsoft.Build.Framework;

namespace FaultTolerance.Tasks;

/// <summary>A task that talks to a cluster about a run.</summary>
public abstract class ClusterTask : AsyncTask
{
    /// <summary>The scenarios file.</summary>
    [Required]
    public string ScenariosFile { get; set; } = "";

    /// <summary>The profile; empty takes the file's default.</summary>
    public string LoadProfile { get; set; } = "";

    /// <summary>Kubeconfig; empty looks where every client looks.</summary>
    public string Kubeconfig { get; set; } = "";

    /// <summary>Context; empty takes the current one.</summary>
    public string Context { get; set; } = "";

    /// <summary>Namespace; empty takes the context's.</summary>
    public string Namespace { get; set; } = "";

    /// <summary>Image for every service; empty keeps the manifests'.</summary>
    public string Image { get; set; } = "";

    /// <summary>Model; empty takes the first that the graph lists.</summary>
    public string Model { get; set; } = "";

    /// <summary>Seed of everything random; empty is 1.</summary>
    public string Seed { get; set; } = "";

    /// <summary>The seed as a number.</summary>
    internal int SeedNumber => Seed.Length == 0 ? 1 : int.Parse(Seed, System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Connects to the cluster and the namespace.</summary>
    internal Task<ClusterSession> ConnectAsync(CancellationToken cancellation) =>
        ClusterSession.ConnectAsync(
            new ClusterOptions
            {
                Kubeconfig = ScenarioSource.Given(Kubeconfig),
                Context = ScenarioSource.Given(Context),
                Namespace = ScenarioSource.Given(Namespace),
            },
            Time,
            cancellation);

    /// <summary>One scenario by name.</summary>
    internal Scenarios.Scenario FindScenario(string name) =>
        ScenarioSource.Load(ScenariosFile, LoadProfile, Image, Model, checkManifests: false).Select([name]).Single();

    /// <summary>A duration given in seconds (<c>90</c>, <c>1.5</c>), or a default when none is given.</summary>
    internal static TimeSpan Seconds(string value, TimeSpan otherwise) =>
        value.Length == 0 ? otherwise : TimeSpan.FromSeconds(double.Parse(value, System.Globalization.CultureInfo.InvariantCulture));
}
