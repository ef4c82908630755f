using k8s;
using k8s.Exceptions;
using k8s.KubeConfigModels;
using YamlDotNet.Core;

namespace FaultTolerance.Cluster.Api;

/// <summary>Finds the cluster and the credentials, in the order that Kubernetes' own tools use.</summary>
internal static class Kubeconfig
{
    /// <summary>Loads the configuration; errors are FT0301 (no file), FT0302 (does not parse), FT0303 (context), FT0310 (credentials).</summary>
    public static async Task<KubernetesClientConfiguration> LoadAsync(ClusterOptions options, CancellationToken cancellation)
    {
        var files = Files(options);
        if (files.Length == 0)
        {
            if (KubernetesClientConfiguration.IsInCluster())
            {
                return KubernetesClientConfiguration.InClusterConfig();
            }

            files = [KubernetesClientConfiguration.KubeConfigDefaultLocation];
        }

        foreach (var file in files)
        {
            if (!File.Exists(file))
            {
                throw new ClusterException("FT0301", $"no kubeconfig at '{file}'; name one with --kubeconfig or KUBECONFIG") { File = file };
            }
        }

        cancellation.ThrowIfCancellationRequested();
        K8SConfiguration? model;
        try
        {
            model = Merge(await Task.WhenAll(files.Select(f => KubernetesClientConfiguration.LoadKubeConfigAsync(new FileInfo(f), useRelativePaths: true))));
        }
        catch (YamlException e)
        {
            throw Unreadable(files, $"{e.InnerException?.Message ?? e.Message} (line {e.Start.Line})", e);
        }
        catch (Exception e) when (e is KubeConfigException or InvalidOperationException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            throw Unreadable(files, e.Message, e);
        }

        var contexts = model?.Contexts?.Select(c => c.Name).ToArray() ?? [];
        var context = options.Context ?? model?.CurrentContext;
        if (model is null || contexts.Length == 0)
        {
            throw Unreadable(files, "it names no context", null);
        }

        if (string.IsNullOrEmpty(context))
        {
            throw new ClusterException("FT0303", $"kubeconfig '{files[0]}' has no current context; choose one with --context: {string.Join(", ", contexts)}") { File = files[0] };
        }

        if (!contexts.Contains(context, StringComparer.Ordinal))
        {
            throw new ClusterException("FT0303", $"kubeconfig '{files[0]}' has no context '{context}'; nearest is '{Nearest.To(context, contexts)}'") { File = files[0] };
        }

        try
        {
            return KubernetesClientConfiguration.BuildConfigFromConfigObject(model, context);
        }
        catch (Exception e) when (e is KubeConfigException or InvalidOperationException or ArgumentException or IOException or FormatException
            or System.ComponentModel.Win32Exception or System.Security.Cryptography.CryptographicException or System.Text.Json.JsonException)
        {
            throw new ClusterException("FT0310", $"context '{context}' of kubeconfig '{files[0]}' cannot be used: {FirstLine(e.Message)}", e) { File = files[0] };
        }
    }

    // As kubectl does: the first file that names something wins.
    private static K8SConfiguration? Merge(K8SConfiguration?[] all)
    {
        var models = all.OfType<K8SConfiguration>().ToArray();
        if (models.Length <= 1)
        {
            return models.FirstOrDefault();
        }

        models[0].CurrentContext = models.Select(m => m.CurrentContext).FirstOrDefault(c => !string.IsNullOrEmpty(c));
        models[0].Contexts = [.. models.SelectMany(m => m.Contexts ?? []).DistinctBy(c => c.Name, StringComparer.Ordinal)];
        models[0].Clusters = [.. models.SelectMany(m => m.Clusters ?? []).DistinctBy(c => c.Name, StringComparer.Ordinal)];
        models[0].Users = [.. models.SelectMany(m => m.Users ?? []).DistinctBy(u => u.Name, StringComparer.Ordinal)];
        return models[0];
    }

    private static string[] Files(ClusterOptions options)
    {
        if (!string.IsNullOrEmpty(options.Kubeconfig))
        {
            return [options.Kubeconfig];
        }

        var variable = Environment.GetEnvironmentVariable("KUBECONFIG");
        var named = variable?.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

        // As kubectl does: of several files, those that are not there are passed over.
        var there = named.Where(File.Exists).ToArray();
        return there.Length > 0 ? there : named;
    }

    private static ClusterException Unreadable(string[] files, string why, Exception? inner) =>
        new("FT0302", $"kubeconfig '{string.Join(Path.PathSeparator, files)}' cannot be read: {FirstLine(why)}", inner) { File = files[0] };

    private static string FirstLine(string text) => text.AsSpan().Trim().ToString().Split('\n')[0].TrimEnd('\r');
}
