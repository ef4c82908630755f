using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace FaultTolerance.Scenarios;

/// <summary>A graph to deploy: a manifest and what is changed in it. Immutable; an override makes a copy.</summary>
internal sealed record Deployment
{
    /// <summary>Name in the reference suite's form, <c>agg-tp-1-dp-2</c>; also the group of the result table.</summary>
    public required string Name { get; init; }

    /// <summary>The service, where it is reached by its address and nothing is deployed; null for a graph.</summary>
    public UrlTarget? Url { get; init; }

    /// <summary>Full path of the manifest; empty where there is none.</summary>
    public required string Manifest { get; init; }

    /// <summary>Replicas of the frontend and of each worker, at least 1; null leaves each as the manifest has it.</summary>
    public int? Replicas { get; init; }

    /// <summary>Replicas by a service's name or its role; before <see cref="Replicas"/>, and the name before the role.</summary>
    public ImmutableSortedDictionary<string, int> ReplicasOf
    {
        get;
        init => field = value.WithComparers(StringComparer.OrdinalIgnoreCase);
    } = ImmutableSortedDictionary<string, int>.Empty.WithComparers(StringComparer.OrdinalIgnoreCase);

    /// <summary>Replicas of a service; null leaves them as the manifest has them.</summary>
    /// <param name="service">Its name.</param>
    /// <param name="role">Its role.</param>
    public int? ReplicasFor(string service, string role) =>
        ReplicasOf.TryGetValue(service, out var byName) ? byName : ReplicasOf.TryGetValue(role, out var byRole) ? byRole : Replicas;

    /// <summary>Tensor parallel size of every worker, at least 1.</summary>
    public int TensorParallel { get; init; } = 1;

    /// <summary>
    /// Image for every service: it reaches each container that has the image of the service's own one. Null keeps the manifest's.
    /// </summary>
    public string? Image { get; init; }

    /// <summary>Images by a service's name or its role; before <see cref="Image"/>, and the name before the role.</summary>
    public ImmutableSortedDictionary<string, string> ImageOf
    {
        get;
        init => field = value.WithComparers(StringComparer.OrdinalIgnoreCase);
    } = Empty<string>();

    /// <summary>Images by a container's name, of whatever service; before all others.</summary>
    public ImmutableSortedDictionary<string, string> ContainerImages { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Arguments by a service's name or its role: options that are there get the new value, others come at the end.</summary>
    public ImmutableSortedDictionary<string, ImmutableArray<string>> ArgumentsOf
    {
        get;
        init => field = value.WithComparers(StringComparer.OrdinalIgnoreCase);
    } = Empty<ImmutableArray<string>>();

    /// <summary>Variables by a service's name or its role. A run's plan keeps them apart, as they may be secrets.</summary>
    [JsonIgnore]
    public ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, string>> EnvironmentOf
    {
        get;
        init => field = value.WithComparers(StringComparer.OrdinalIgnoreCase);
    } = Empty<ImmutableSortedDictionary<string, string>>();

    /// <summary>Which of a manifest's graphs is meant, by its name there; null where it holds one.</summary>
    public string? Graph { get; init; }

    /// <summary>Image of a service; null leaves it as the manifest has it.</summary>
    /// <param name="service">Its name.</param>
    /// <param name="role">Its role.</param>
    public string? ImageFor(string service, string role) =>
        ImageOf.TryGetValue(service, out var byName) ? byName : ImageOf.TryGetValue(role, out var byRole) ? byRole : Image;

    /// <summary>Model that requests name; null takes the first that <c>/v1/models</c> lists.</summary>
    public string? Model { get; init; }

    /// <summary>The roles that its services play (<c>frontend</c>, <c>decode</c>, <c>prefill</c>); decides which failures apply.</summary>
    public ImmutableArray<string> Roles { get; init; } = [];

    /// <summary>The manifest's text as a run's plan holds it; null: it is read from <see cref="Manifest"/>.</summary>
    [JsonIgnore]
    public string? ManifestText { get; init; }

    /// <summary>What the profile adds to the graph. A run's plan holds it once, beside the rows.</summary>
    [JsonIgnore]
    public GraphOverlay Overlay { get; init; } = GraphOverlay.None;

    private static ImmutableSortedDictionary<string, T> Empty<T>() =>
        ImmutableSortedDictionary<string, T>.Empty.WithComparers(StringComparer.OrdinalIgnoreCase);
}
