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
                    $"the deployment name '{name}' must be of a-z, 0-9 and '-', begin and end with a letter or digit, and hold at most 40 characters",
                    0
                );
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
                foreach (var fault in options.ManifestFaults(full))
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
                section.Context.Report(ScenarioCodes.BadValue, item.At("roles"), $"role '{twice.Key}' stands {twice.Count()} times; name it once");
            }

            var deployment = new Deployment
            {
                Name = name,
                Manifest = full,
                Replicas = item.Raw("replicas") is null or JsonObject ? null : item.Int("replicas", 1, 1, MostReplicas),
                ReplicasOf = ReplicasOf(item),
                TensorParallel = item.Int("tensorParallel", 1, 1, 1024),
                Image = options.Image ?? item.Text("image"),
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

    [GeneratedRegex("^[a-z0-9](?:[-a-z0-9]{0,38}[a-z0-9])?$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Name();
}
