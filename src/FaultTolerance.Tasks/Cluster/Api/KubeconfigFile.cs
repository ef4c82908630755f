using k8s;
using k8s.KubeConfigModels;
using YamlDotNet.RepresentationModel;

namespace FaultTolerance.Cluster.Api;

/// <summary>
/// Kubeconfig files as one, with what the client library's model leaves out. As in kubectl, the first file that names something wins, and
/// paths are relative to the file that they stand in.
/// </summary>
internal sealed class KubeconfigFile
{
    private readonly Dictionary<string, User> _users = new(StringComparer.Ordinal);
    private readonly Dictionary<string, k8s.KubeConfigModels.Cluster> _clusters = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Context> _contexts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _tokenFiles = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _proxies = new(StringComparer.Ordinal);

    /// <summary>The current context; null where none is named.</summary>
    public string? CurrentContext { get; private set; }

    /// <summary>Contexts by name.</summary>
    public IReadOnlyDictionary<string, Context> Contexts => _contexts;

    /// <summary>Reads them in their order.</summary>
    public static async Task<KubeconfigFile> ReadAsync(IEnumerable<string> files, CancellationToken cancellation)
    {
        var whole = new KubeconfigFile();
        foreach (var file in files)
        {
            await whole.AddAsync(new FileInfo(file), cancellation);
        }

        return whole;
    }

    /// <summary>The cluster of a context; null where it is not defined.</summary>
    public ClusterEndpoint? ClusterOf(string context) =>
        Contexts[context].ContextDetails?.Cluster is { } name ? _clusters.GetValueOrDefault(name)?.ClusterEndpoint : null;

    /// <summary>The user of a context; null where it is not defined.</summary>
    public UserCredentials? UserOf(string context) =>
        Contexts[context].ContextDetails?.User is { } name ? _users.GetValueOrDefault(name)?.UserCredentials : null;

    /// <summary>The file that holds the token of a context's user; null for none.</summary>
    public string? TokenFileOf(string context) =>
        Contexts[context].ContextDetails?.User is { } name ? _tokenFiles.GetValueOrDefault(name) : null;

    /// <summary>The proxy before the cluster of a context; null for none of its own.</summary>
    public string? ProxyOf(string context) =>
        Contexts[context].ContextDetails?.Cluster is { } name ? _proxies.GetValueOrDefault(name) : null;

    /// <summary>All of it for the client library.</summary>
    public K8SConfiguration ToModel() => new() { Contexts = _contexts.Values, Clusters = _clusters.Values, Users = _users.Values };

    private async Task AddAsync(FileInfo file, CancellationToken cancellation)
    {
        var text = await File.ReadAllTextAsync(file.FullName, cancellation);
        var model = await KubernetesClientConfiguration.LoadKubeConfigAsync(file, useRelativePaths: false);
        if (model is null)
        {
            return;
        }

        CurrentContext ??= string.IsNullOrEmpty(model.CurrentContext) ? null : model.CurrentContext;
        var raw = new YamlStream();
        raw.Load(new StringReader(text));
        var folder = file.DirectoryName!;
        foreach (var context in model.Contexts ?? [])
        {
            _contexts.TryAdd(context.Name, context);
        }

        foreach (var cluster in model.Clusters ?? [])
        {
            if (_clusters.TryAdd(cluster.Name, cluster))
            {
                if (cluster.ClusterEndpoint is { } endpoint)
                {
                    endpoint.CertificateAuthority = Absolute(endpoint.CertificateAuthority, folder);
                }

                Keep(_proxies, cluster.Name, Find(raw, "clusters", cluster.Name, "cluster", "proxy-url"));
            }
        }

        foreach (var user in model.Users ?? [])
        {
            if (_users.TryAdd(user.Name, user) && user.UserCredentials is { } credentials)
            {
                credentials.ClientCertificate = Absolute(credentials.ClientCertificate, folder);
                credentials.ClientKey = Absolute(credentials.ClientKey, folder);
                if (credentials.ExternalExecution is { Command: { } command } exec && command.Contains('/', StringComparison.Ordinal))
                {
                    exec.Command = Absolute(command, folder);
                }

                Keep(_tokenFiles, user.Name, Absolute(Find(raw, "users", user.Name, "user", "tokenFile"), folder));
            }
        }
    }

    private static string? Absolute(string? path, string folder) => string.IsNullOrEmpty(path) ? path : Path.GetFullPath(path, folder);

    private static void Keep(Dictionary<string, string> values, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            values[name] = value;
        }
    }

    private static string? Find(YamlStream raw, string list, string name, string inner, string property) =>
        raw.Documents is [{ RootNode: YamlMappingNode root }, ..] && Child(root, list) is YamlSequenceNode items
            ? items
                .OfType<YamlMappingNode>()
                .Where(item => (Child(item, "name") as YamlScalarNode)?.Value == name)
                .Select(item =>
                    ((Child(item, inner) as YamlMappingNode) is { } holder ? Child(holder, property) as YamlScalarNode : null)?.Value
                )
                .FirstOrDefault()
            : null;

    private static YamlNode? Child(YamlMappingNode map, string property) =>
        map.Children.TryGetValue(new YamlScalarNode(property), out var value) ? value : null;
}
