using FaultTolerance.Cluster;
using Microsoft.Build.Framework;

namespace FaultTolerance.Tasks;

/// <summary>A task that talks to a cluster about a run.</summary>
public abstract class ClusterTask : AsyncTask
{
    /// <summary>The scenarios file.</summary>
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

    /// <summary>
    /// The parameters as the metadata of one item, for tasks that are all given the same; what it has no metadata for is empty. Given
    /// beside
    /// single parameters, the later of the two counts.
    /// </summary>
    public ITaskItem? Parameters
    {
        get;
        set
        {
            field = value;
            if (value is not null)
            {
                Take(value.GetMetadata);
            }
        }
    }

    /// <summary>Takes the parameters from where they stand by name.</summary>
    private protected virtual void Take(Func<string, string> parameter)
    {
        ScenariosFile = parameter(nameof(ScenariosFile));
        LoadProfile = parameter(nameof(LoadProfile));
        Kubeconfig = parameter(nameof(Kubeconfig));
        Context = parameter(nameof(Context));
        Namespace = parameter(nameof(Namespace));
        Image = parameter(nameof(Image));
        Model = parameter(nameof(Model));
        Seed = parameter(nameof(Seed));
    }

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
