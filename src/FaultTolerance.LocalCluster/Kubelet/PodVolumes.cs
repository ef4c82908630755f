using System.Text.Json.Nodes;
using FaultTolerance.LocalCluster.Controllers;
using FaultTolerance.LocalCluster.Storage;

namespace FaultTolerance.LocalCluster.Kubelet;

/// <summary>
/// A pod's folder: the service account's files and the volumes, and where each is mounted. emptyDir, configMap, secret
/// and persistentVolumeClaim are offered.
/// </summary>
/// <param name="store">Config maps and secrets.</param>
/// <param name="options">CA and tokens.</param>
internal sealed class PodVolumes(IObjectStore store, KubeletOptions options)
{
    /// <summary>
    /// TMPDIR of a container that has mounts: in its own /var/run, so that what its programs leave there when they are killed goes with the
    /// pod, and two pods do not meet in the machine's folder.
    /// </summary>
    public const string Temporary = "/var/run/tmp";

    private const string Account = "secrets/kubernetes.io/serviceaccount";
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>The bind mounts of a container, sources made.</summary>
    /// <exception cref="ContainerConfigException">A volume is of a kind that is not offered.</exception>
    public IReadOnlyList<(string Source, string Target)> Mounts(JsonObject pod, JsonObject container, string podFolder, bool hasMounts)
    {
        var mounts = new List<(string, string)>();
        foreach (var mount in container.Maps("volumeMounts"))
        {
            var name = mount.Text("name") ?? "";
            var target = mount.Text("mountPath") ?? "";
            var volume = pod.Maps("spec", "volumes").FirstOrDefault(v => v.Text("name") == name)
                ?? throw new ContainerConfigException($"volumeMount {name} names no volume of the pod");
            if (!hasMounts)
            {
                throw new ContainerConfigException($"volume {name} cannot be mounted: this machine gives no mount namespaces");
            }

            if (target.Length == 0 || target.Contains(':', StringComparison.Ordinal))
            {
                throw new ContainerConfigException($"volume {name} cannot be mounted at \"{target}\": a path without ':' is needed");
            }

            var source = Source(pod, volume, name, podFolder);
            if (mount.Text("subPath") is { Length: > 0 } sub)
            {
                var whole = source;
                source = Path.GetFullPath(Path.Combine(source, sub));
                if (!source.StartsWith(whole + "/", StringComparison.Ordinal))
                {
                    throw new ContainerConfigException($"subPath {sub} leads out of volume {name}");
                }

                if (!Path.Exists(source))
                {
                    Directory.CreateDirectory(source);
                }
            }

            mounts.Add((source, Path.TrimEndingDirectorySeparator(Path.GetFullPath(target, "/"))));
        }

        if (hasMounts)
        {
            mounts.Insert(0, (Run(pod, container.Text("name") ?? "", podFolder), "/var/run"));
        }

        return mounts;
    }

    /// <summary>The folder of a claim: it stays while the claim does, whatever becomes of the pods.</summary>
    public static string ClaimFolder(KubeletOptions options, string uid) => Path.Combine(options.DataDirectory, "claims", uid);

    /// <summary>
    /// Makes the service account's files where nothing can be mounted over the place at which clients look for them, and says in a
    /// variable where they are.
    /// </summary>
    public (string Variable, string Folder) AccountFolder(JsonObject pod, JsonObject container, string podFolder) =>
        ("KUBERNETES_SERVICE_ACCOUNT_FOLDER", Path.Combine(Run(pod, container.Text("name") ?? "", podFolder), Account));

    // The folder that is mounted over /var/run: new for each instance, as a container's own file system is.
    private string Run(JsonObject pod, string container, string podFolder)
    {
        var run = Path.Combine(podFolder, "run", container);
        if (Directory.Exists(run))
        {
            Directory.Delete(run, recursive: true);
        }

        var folder = Path.Combine(run, Account);
        Directory.CreateDirectory(folder);
        Directory.CreateDirectory(Path.Combine(run, Path.GetFileName(Temporary)));
        if (pod.At("spec", "automountServiceAccountToken")?.GetValueKind() == System.Text.Json.JsonValueKind.False)
        {
            return run;
        }

        var account = pod.Text("spec", "serviceAccountName") ?? "default";
        var token = Path.Combine(folder, "token");
        using (
            var stream = new FileStream(
                token,
                new FileStreamOptions
                {
                    Mode = FileMode.Create,
                    Access = FileAccess.Write,
                    UnixCreateMode = Private,
                }
            )
        )
        {
            stream.Write(System.Text.Encoding.ASCII.GetBytes(options.TokenFor(pod.Namespace(), account, pod.Uid())));
        }

        File.Copy(options.CaPem, Path.Combine(folder, "ca.crt"), overwrite: true);
        File.WriteAllText(Path.Combine(folder, "namespace"), pod.Namespace());
        return run;
    }

    private string Source(JsonObject pod, JsonObject volume, string name, string podFolder)
    {
        var folder = Path.Combine(podFolder, "volumes", name);
        if (volume["emptyDir"] is JsonObject)
        {
            return Directory.CreateDirectory(folder).FullName;
        }

        if (volume.Text("persistentVolumeClaim", "claimName") is { } claim)
        {
            var bound = store.Get(new ResourceId(Resources.PersistentVolumeClaims, pod.Namespace(), claim))
                ?? throw new ContainerConfigException($"volume {name}: persistentvolumeclaim \"{claim}\" not found");
            return Directory.CreateDirectory(ClaimFolder(options, bound.Uid())).FullName;
        }

        var (type, reference) = (volume["configMap"], volume["secret"]) switch
        {
            (JsonObject map, _) => (Resources.ConfigMaps, map.Text("name")),
            (_, JsonObject secret) => (Resources.Secrets, secret.Text("secretName")),
            _ => throw new ContainerConfigException(
                $"volume {name}: {string.Join(", ", volume.Select(p => p.Key).Where(k => k != "name"))} volumes are not supported by the "
                + "local cluster (emptyDir, configMap, secret and persistentVolumeClaim are)"),
        };
        var definition = (JsonObject)(volume["configMap"] ?? volume["secret"])!;
        Directory.CreateDirectory(folder);
        if (store.Get(new ResourceId(type, pod.Namespace(), reference ?? "")) is not { } found)
        {
            return definition.IsTrue("optional")
                ? folder
                : throw new ContainerConfigException($"volume {name}: {type.Plural.TrimEnd('s')} \"{reference}\" not found");
        }

        var items = definition.Maps("items").ToDictionary(i => i.Text("key") ?? "", i => i.Text("path") ?? "", StringComparer.Ordinal);
        foreach (var (key, value) in ContainerEnvironment.Data(found, type == Resources.Secrets))
        {
            if (items.Count > 0 && !items.ContainsKey(key))
            {
                continue;
            }

            var file = Path.GetFullPath(Path.Combine(folder, items.GetValueOrDefault(key, key)));
            if (!file.StartsWith(folder + "/", StringComparison.Ordinal))
            {
                throw new ContainerConfigException($"volume {name}: path of key {key} leads out of the volume");
            }

            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllBytes(file, value);
            File.SetUnixFileMode(file, Private);
        }

        return folder;
    }
}
