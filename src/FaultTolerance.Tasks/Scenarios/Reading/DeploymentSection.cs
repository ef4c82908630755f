using System.Collections.Immutable;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FaultMatrix.Shared;

namespace FaultTolerance.Scenarios.Reading;

/// <summary>Reads <c>deployments</c>.</summary>
internal static partial class DeploymentSection
{
    private const int MostReplicas = 1000;
    private static readonly string[] Roles = ["frontend", "decode", "prefill"];

    /// <summary>Reads the section; what is wrong is reported, and reading goes on.</summary>
    public static Dictionary<string, Deployment> Read(ObjectReader section, ScenarioOptions options)
    {
        var folder = Path.GetDirectoryName(section.Context.File)!;
        var deployments = new Dictionary<string, Deployment>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, item) in section.Members())
        {
            if (!Name().IsMatch(name))
            {
                item.Fault(
                    ScenarioCodes.BadValue,
                    "",
                    $"the deployment name '{name}' must be of a-z, 0-9 and '-', begin and end with a letter or digit, and hold at most "
                        + "63 characters",
                    0
                );
            }

            if (item.Has("url"))
            {
                var service = UrlSection.Read(name, item, folder, options);
                item.End();
                deployments.TryAdd(name, service);
                continue;
            }

            var manifest = item.Text("manifest", required: true);
            var full = Path.GetFullPath(manifest ?? "", folder);
            if (manifest is not null && options.CheckManifests && !File.Exists(full))
            {
                item.Fault(
                    ScenarioCodes.NoManifest,
                    "manifest",
                    $"the manifest '{manifest}' does not exist (looked for beside scenarios.json)",
                    0
                );
            }
            else if (manifest is not null && options.CheckManifests)
            {
                foreach (var fault in options.ManifestFaults(full, item.Text("graph")))
                {
                    section.Context.Report(fault.Code, item.At("manifest"), fault.Message);
                }
            }

            var roles = item.Texts("roles");
            foreach (
                var (role, i) in roles.Select((role, i) => (role, i)).Where(pair => !Roles.Contains(pair.role, StringComparer.Ordinal))
            )
            {
                section.Context.Report(
                    ScenarioCodes.BadValue,
                    $"{item.At("roles")}[{i}]",
                    $"unknown role '{role}'{NearestName.Hint(role, Roles)}"
                );
            }

            foreach (var twice in roles.GroupBy(role => role, StringComparer.Ordinal).Where(same => same.Count() > 1))
            {
                section.Context.Report(
                    ScenarioCodes.BadValue, item.At("roles"), $"role '{twice.Key}' stands {twice.Count()} times; name it once");
            }

            var deployment = new Deployment
            {
                Name = name,
                Manifest = full,
                Replicas = item.Raw("replicas") is null or JsonObject ? null : item.Int("replicas", 1, 1, MostReplicas),
                ReplicasOf = ReplicasOf(item),
                TensorParallel = item.Int("tensorParallel", 1, 1, 1024),
                Image = options.Images.Image ?? (item.Raw("image") is JsonObject ? null : item.Text("image")),
                ImageOf = options.Images.Image is null ? ImagesOf(item) : ImmutableSortedDictionary<string, string>.Empty,
                ContainerImages = options.Images.ByContainer,
                ArgumentsOf = ArgumentsOf(item),
                EnvironmentOf = EnvironmentOf(item),
                Graph = item.Text("graph"),
                Model = options.Model ?? item.Text("model"),
                Roles = roles,
            };
            item.Has("image");
            item.Has("model");
            item.End();
            deployments.TryAdd(name, deployment);
        }

        return deployments;
    }

    // A number for all, or a number by service or role.
    private static ImmutableSortedDictionary<string, int> ReplicasOf(ObjectReader item)
    {
        var map = ImmutableSortedDictionary.CreateBuilder<string, int>(StringComparer.OrdinalIgnoreCase);
        if (item.Raw("replicas") is JsonObject && item.Object("replicas") is { } replicas)
        {
            foreach (var key in replicas.Keys())
            {
                map[key] = replicas.Int(key, 1, 1, MostReplicas);
            }
        }

        return map.ToImmutable();
    }

    // A text for all, or a text by service or role.
    private static ImmutableSortedDictionary<string, string> ImagesOf(ObjectReader item) =>
        item.Raw("image") is JsonObject && item.Object("image") is { } images
            ? images.Keys().Select(key => (key, Image: images.Text(key))).Where(pair => pair.Image is not null)
                .ToImmutableSortedDictionary(pair => pair.key, pair => pair.Image!, StringComparer.OrdinalIgnoreCase)
            : ImmutableSortedDictionary<string, string>.Empty;

    private static ImmutableSortedDictionary<string, ImmutableArray<string>> ArgumentsOf(ObjectReader item) =>
        item.Object("args") is { } arguments
            ? arguments.Keys().ToImmutableSortedDictionary(key => key, arguments.Texts, StringComparer.OrdinalIgnoreCase)
            : ImmutableSortedDictionary<string, ImmutableArray<string>>.Empty;

    private static ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, string>> EnvironmentOf(ObjectReader item) =>
        item.Object("env") is { } services
            ? services.Members().ToImmutableSortedDictionary(
                service => service.Name, service => ProfileSection.Variables(service.Value), StringComparer.OrdinalIgnoreCase)
            : ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, string>>.Empty;

    [GeneratedRegex("^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Name();
}
