using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Api;
using FaultTolerance.LocalCluster.Api.Http;
using FaultTolerance.LocalCluster.Api.Patching;
using FaultTolerance.LocalCluster.Storage;
using YamlDotNet.Core;

namespace FaultTolerance.LocalCluster.Hosting;

/// <summary>Applies manifests at start: what is not there is made, what is there is merged with.</summary>
/// <param name="verbs">The API's verbs.</param>
internal sealed class ManifestApplier(ApiVerbs verbs)
{
    /// <summary>Applies a file's documents in order. FT3005 names the file and what is wrong in it.</summary>
    /// <param name="file">The manifest.</param>
    /// <param name="namespace">Namespace of objects that name none.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public async Task ApplyAsync(string file, string @namespace, CancellationToken cancellation)
    {
        try
        {
            foreach (var document in YamlDocuments.Parse(await File.ReadAllTextAsync(file, cancellation)))
            {
                foreach (var value in document.Text("kind") == "List" ? document.Maps("items") : [document.AsObject()])
                {
                    Apply(value, @namespace);
                }
            }
        }
        catch (Exception e)
            when (e is StoreException or YamlException or InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            var where = e is YamlException yaml ? $" line {yaml.Start.Line}" : "";
            throw new UserError("FT3005", $"--manifest {file}{where}: {e.Message}");
        }
    }

    private void Apply(JsonObject value, string @namespace)
    {
        var (version, kind) = (value.Text("apiVersion") ?? "", value.Text("kind") ?? "");
        var resource = verbs.Catalog.FindKind(version, kind)
            ?? throw StoreErrors.BadRequest($"this cluster has no kind \"{kind}\" in version \"{version}\"");
        var home = resource.Namespaced ? value.Text("metadata", "namespace") ?? @namespace : null;
        try
        {
            verbs.Writes.Create(resource, home, value);
        }
        catch (StoreException e) when (e.Reason == "AlreadyExists")
        {
            verbs.Writes.Update(resource, home, value.Name(), subresource: null, current => MergePatch.Apply(current, value)!.AsObject());
        }
    }
}
