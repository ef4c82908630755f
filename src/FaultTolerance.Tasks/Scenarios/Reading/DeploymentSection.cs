using System.Text.RegularExpressions;
using FaultMatrix.Shared;

namespace FaultTolerance.Scenarios.Reading;

/// <summary>Reads <c>deployments</c>.</summary>
internal static partial class DeploymentSection
{
    private static readonly string[] Roles = ["frontend", "decode", "prefill"];

    public static Dictionary<string, Deployment> Read(ObjectReader section, ScenarioOptions options)
    {
        var folder = Path.GetDirectoryName(section.Context.File)!;
        var deployments = new Dictionary<string, Deployment>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, item) in section.Members())
        {
            if (!Name().IsMatch(name))
            {
                item.Fault(ScenarioCodes.BadValue, "", $"the deployment name '{name}' must be of a-z, 0-9 and '-', begin and end with a letter or digit, and hold at most 40 characters", 0);
            }

            var manifest = item.Text("manifest", required: true);
            var full = Path.GetFullPath(manifest ?? "", folder);
            if (manifest is not null && options.CheckManifests && !File.Exists(full))
            {
                item.Fault(ScenarioCodes.NoManifest, "manifest", $"the manifest '{manifest}' does not exist (looked for beside scenarios.json)", 0);
            }

            var roles = item.Texts("roles");
            foreach (var (role, i) in roles.Select((role, i) => (role, i)).Where(pair => !Roles.Contains(pair.role, StringComparer.Ordinal)))
            {
                section.Context.Report(ScenarioCodes.BadValue, $"{item.At("roles")}[{i}]", $"unknown role '{role}'{NearestName.Hint(role, Roles)}");
            }

            var deployment = new Deployment
            {
                Name = name,
                Manifest = full,
                Replicas = item.Int("replicas", 1, 1, 1000),
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

    [GeneratedRegex("^[a-z0-9](?:[-a-z0-9]{0,38}[a-z0-9])?$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Name();
}
