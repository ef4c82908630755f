using System.Globalization;
using FaultTolerance.LocalCluster.Api.Selection;

namespace FaultTolerance.LocalCluster.Hosting;

/// <summary>What the command line asks for.</summary>
internal sealed record ClusterOptions
{
    /// <summary>The cluster's own folder.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>Where the kubeconfig goes.</summary>
    public required string Kubeconfig { get; init; }

    /// <summary>The port; 0 for any free one.</summary>
    public int Port { get; init; }

    /// <summary>Namespaces made at start.</summary>
    public IReadOnlyList<string> Namespaces { get; init; } = [];

    /// <summary>Images: name and folder.</summary>
    public IReadOnlyDictionary<string, string> Images { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Manifests applied at start.</summary>
    public IReadOnlyList<string> Manifests { get; init; } = [];

    /// <summary>Whether the end of standard input ends the cluster.</summary>
    public bool UntilStandardInputCloses { get; init; }

    /// <summary>Whether pods get networks of their own, where the machine gives them.</summary>
    public bool PodNetworks { get; init; }

    /// <summary>One line for each option.</summary>
    public const string Usage =
        """
        usage: FaultTolerance.LocalCluster --data DIR --kubeconfig FILE [options]
          --data DIR            folder of the cluster, made with mode 0700
          --kubeconfig FILE     written, mode 0600, once the API answers
          --port N              port on 127.0.0.1; 0 (default) for any free one
          --namespace NS        made at start; repeatable
          --image NAME=DIR      an image is a folder; repeatable
          --manifest FILE       YAML that is applied at start; repeatable
          --pod-networks        each pod has a network of its own, in which faults can be made
          --until-stdin-closes  end when standard input ends
        """;

    /// <summary>Reads a command line; FT3001 for what is wrong in itself, FT3002 for files and folders that are not there.</summary>
    public static ClusterOptions Parse(IReadOnlyList<string> arguments)
    {
        string? data = null, kubeconfig = null;
        var (port, untilInputCloses, podNetworks) = (0, false, false);
        var (namespaces, manifests) = (new List<string>(), new List<string>());
        var images = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < arguments.Count; i++)
        {
            var (option, inline) = arguments[i].Split('=', 2) is [['-', '-', ..] name, var rest] ? (name, rest) : (arguments[i], null);
            string Value() => inline ?? (++i < arguments.Count ? arguments[i] : throw new UserError("FT3001", $"{option} needs a value"));
            switch (option)
            {
                case "--data":
                    data = Path.GetFullPath(Value());
                    break;
                case "--kubeconfig":
                    kubeconfig = Path.GetFullPath(Value());
                    break;
                case "--port":
                    port = ReadPort(Value());
                    break;
                case "--namespace":
                    namespaces.Add(ReadNamespace(Value()));
                    break;
                case "--image":
                    var (image, folder) = ReadImage(Value());
                    images[image] = folder;
                    break;
                case "--manifest":
                    manifests.Add(ReadManifest(Value()));
                    break;
                case "--pod-networks" when inline is null:
                    podNetworks = true;
                    break;
                case "--until-stdin-closes" when inline is null:
                    untilInputCloses = true;
                    break;
                default:
                    throw new UserError(
                        "FT3001",
                        $"unknown option {option}; known are --data, --kubeconfig, --port, --namespace, --image, --manifest, --pod-networks, "
                        + "--until-stdin-closes"
                    );
            }
        }

        return new()
        {
            DataDirectory = data ?? throw new UserError("FT3001", "--data DIR is missing"),
            Kubeconfig = kubeconfig ?? throw new UserError("FT3001", "--kubeconfig FILE is missing"),
            Port = port,
            Namespaces = namespaces,
            Images = images,
            Manifests = manifests,
            PodNetworks = podNetworks,
            UntilStandardInputCloses = untilInputCloses,
        };
    }

    private static int ReadPort(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port < 65536
            ? port
            : throw new UserError("FT3001", $"--port {text}: a number from 0 to 65535 is needed");

    private static string ReadNamespace(string text) =>
        LabelSyntax.IsDnsLabel(text)
            ? text
            : throw new UserError("FT3001", $"--namespace {text}: lower case letters, digits and '-' are allowed, at most 63");

    private static (string Name, string Folder) ReadImage(string text)
    {
        if (text.Split('=', 2) is not [{ Length: > 0 } name, { Length: > 0 } folder])
        {
            throw new UserError("FT3001", $"--image {text}: NAME=DIR is needed");
        }

        var full = Path.GetFullPath(folder);
        return Directory.Exists(full) ? (name, full) : throw new UserError("FT3002", $"--image {name}: there is no folder {full}");
    }

    private static string ReadManifest(string text)
    {
        var full = Path.GetFullPath(text);
        return File.Exists(full) ? full : throw new UserError("FT3002", $"--manifest: there is no file {full}");
    }
}
