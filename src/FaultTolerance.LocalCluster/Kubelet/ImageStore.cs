using System.Text.Json;
using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Controllers;
using FaultTolerance.LocalCluster.Storage;

namespace FaultTolerance.LocalCluster.Kubelet;

/// <summary>An image: a folder with programs in <c>bin</c> and the defaults of <c>image.json</c>.</summary>
/// <param name="Name">Its name, as containers ask for it.</param>
/// <param name="Folder">Its folder.</param>
/// <param name="Entrypoint">Default of <c>command</c>.</param>
/// <param name="Command">Default of <c>args</c>.</param>
/// <param name="Environment">Its environment.</param>
/// <param name="WorkingDirectory">Where its command starts, or null for /.</param>
internal sealed record ImageFolder(
    string Name, string Folder, IReadOnlyList<string> Entrypoint, IReadOnlyList<string> Command,
    IReadOnlyDictionary<string, string> Environment, string? WorkingDirectory)
{
    /// <summary>The image's programs come first, then the machine's.</summary>
    public string Path => $"{Folder}/bin:/usr/local/bin:/usr/bin:/bin";
}

/// <summary>Finds images by name. Nothing is ever pulled: a name that was not given is an error at once.</summary>
/// <param name="folders">Image name to folder.</param>
internal sealed class ImageStore(IReadOnlyDictionary<string, string> folders)
{
    /// <summary>The image of that name, read anew each time; null when there is none.</summary>
    /// <exception cref="InvalidDataException">Its image.json cannot be read.</exception>
    public ImageFolder? Find(string name)
    {
        if (!folders.TryGetValue(name, out var folder) &&
            !folders.TryGetValue(name.EndsWith(":latest", StringComparison.Ordinal) ? name[..^7] : name + ":latest", out folder))
        {
            return null;
        }

        folder = Path.GetFullPath(folder);
        var file = Path.Combine(folder, "image.json");
        try
        {
            var config = File.Exists(file) ? JsonNode.Parse(File.ReadAllText(file)) : null;
            return new ImageFolder(
                name, folder, config.Texts("entrypoint"), config.Texts("cmd"),
                config.Pairs("env").ToDictionary(StringComparer.Ordinal), config.Text("workingDir"));
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"FT3022: image {name}: {file} cannot be read: {e.Message}", e);
        }
    }
}
