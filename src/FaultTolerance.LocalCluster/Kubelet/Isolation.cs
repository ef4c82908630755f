using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace FaultTolerance.LocalCluster.Kubelet;

/// <summary>How far containers can be kept apart on this machine.</summary>
internal enum IsolationMode
{
    /// <summary>Own PID and mount namespace, made with the privilege that the cluster has.</summary>
    Namespaces,

    /// <summary>The same inside a user namespace, for a user without privilege.</summary>
    UserNamespace,

    /// <summary>A session of its own, nothing more.</summary>
    None,
}

/// <summary>
/// Builds the command lines that put a program into a container's namespaces (util-linux: setpriv, unshare, nsenter, mount).
/// The chain cluster → waiting shell → PID 1 hangs on parent-death signals: when the cluster dies, the kernel kills
/// the shell, then PID 1, and with PID 1 its whole namespace.
/// </summary>
internal sealed class Isolation
{
    private readonly string _self = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
    private readonly string _shell = Find("sh") ?? "/bin/sh";
    private readonly string? _setpriv = Find("setpriv");
    private readonly string? _unshare = Find("unshare");
    private readonly string? _nsenter = Find("nsenter");
    private readonly string? _mount = Find("mount");
    private readonly string? _setsid = Find("setsid");

    private Isolation()
    {
    }

    /// <summary>What this machine gives.</summary>
    public IsolationMode Mode { get; private set; } = IsolationMode.None;

    /// <summary>What is missing, for the user; null when nothing is.</summary>
    public string? Note { get; private set; }

    /// <summary>Whether containers have networks of their own, which commands in them have to enter.</summary>
    public bool OwnNetworks { get; set; }

    /// <summary>True when a pod's folder can be mounted where the container expects it.</summary>
    public bool HasMounts => Mode != IsolationMode.None;

    /// <summary>Tries what the machine allows, best first, by starting a container that ends at once.</summary>
    /// <param name="spawner">The thread that starts processes.</param>
    /// <param name="folder">An empty folder to try a mount with.</param>
    /// <param name="modes">What to try, in order.</param>
    /// <param name="cancellation">Ends the attempt.</param>
    public static async Task<Isolation> ProbeAsync(
        ProcessSpawner spawner,
        string folder,
        IReadOnlyList<IsolationMode> modes,
        CancellationToken cancellation
    )
    {
        var isolation = new Isolation();
        string? reason = "not asked for";
        foreach (var mode in modes)
        {
            isolation.Mode = mode;
            reason = await isolation.TryAsync(spawner, folder, cancellation);
            if (reason is null)
            {
                return isolation;
            }
        }

        isolation.Mode = IsolationMode.None;
        isolation.Note =
            $"no PID namespaces here ({reason}): containers see the machine's processes, are not PID 1, have no volumes, find their service "
            + "account's files by KUBERNETES_SERVICE_ACCOUNT_FOLDER, and children that they leave behind outlive a SIGKILL of the cluster";
        return isolation;
    }

    /// <summary>The start of a container. Its first output line is its PID 1's id on the host; then its own output follows.</summary>
    /// <param name="command">Program and arguments.</param>
    /// <param name="workingDirectory">Where it starts; made in the container's own view when it is missing.</param>
    /// <param name="environment">Its whole environment.</param>
    /// <param name="mounts">Sources, which are there, and targets, which are made in its own view when they are missing.</param>
    /// <param name="view">An empty folder in which that view can be built.</param>
    public ProcessStartInfo Container(
        IReadOnlyList<string> command, string workingDirectory, IReadOnlyDictionary<string, string> environment,
        IReadOnlyList<(string Source, string Target)> mounts, string view)
    {
        var arguments = Guarded();
        if (Mode == IsolationMode.None)
        {
            if (_setsid is not null)
            {
                arguments.Add(_setsid);
            }

            arguments.AddRange([_shell, "-c", ContainerScripts.PlainInit, "init", workingDirectory]);
        }
        else
        {
            arguments.Add(_unshare!);
            if (Mode == IsolationMode.UserNamespace)
            {
                arguments.AddRange(["--user", "--map-root-user"]);
            }

            arguments.AddRange(["--pid", "--mount", _shell, "-c", ContainerScripts.Parent, "parent", _setpriv!, _shell,
                ContainerScripts.Init, _mount!, view, workingDirectory]);
            foreach (var (source, target) in mounts)
            {
                arguments.AddRange([source, target]);
            }

            arguments.Add("--");
        }

        arguments.AddRange(command);
        return Start(arguments, environment);
    }

    /// <summary>
    /// The start of a command in the namespaces of a running container. Its first output line is empty, or says why it cannot run.
    /// </summary>
    /// <param name="hostPid">The container's PID 1 as the host sees it.</param>
    /// <param name="command">Program and arguments.</param>
    /// <param name="workingDirectory">Where it starts.</param>
    /// <param name="environment">Its whole environment.</param>
    /// <param name="merged">Standard error goes where standard output goes (a terminal was asked for).</param>
    public ProcessStartInfo Exec(
        int hostPid, IReadOnlyList<string> command, string workingDirectory, IReadOnlyDictionary<string, string> environment, bool merged)
    {
        var arguments = Guarded();
        if (Mode != IsolationMode.None)
        {
            arguments.AddRange([_nsenter!, "--target", hostPid.ToString(CultureInfo.InvariantCulture), "--pid", "--mount"]);
            if (OwnNetworks)
            {
                arguments.Add("--net");
            }

            if (Mode == IsolationMode.UserNamespace)
            {
                arguments.AddRange(["--user", "--preserve-credentials"]);
            }
        }

        // nsenter forks: the command itself must die with it too, which setpriv sees to.
        arguments.AddRange([_shell, "-c", ContainerScripts.Enter, "enter", workingDirectory, merged ? "merged" : "", _setpriv ?? ""]);
        arguments.AddRange(command);
        return Start(arguments, environment);
    }

    private static string? Find(string tool) =>
        ((string[])["/usr/bin", "/bin", "/usr/sbin", "/sbin", "/usr/local/bin"])
            .Select(d => Path.Combine(d, tool))
            .FirstOrDefault(File.Exists);

    private List<string> Guarded() =>
        _setpriv is null ? [] : [_setpriv, "--pdeathsig", "KILL", "--", _shell, "-c", ContainerScripts.Guard, "guard", _self];

    private static ProcessStartInfo Start(List<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(arguments[0], arguments.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment.Clear();
        foreach (var (key, value) in environment)
        {
            start.Environment[key] = value;
        }

        return start;
    }

    private async Task<string?> TryAsync(ProcessSpawner spawner, string folder, CancellationToken cancellation)
    {
        if ((_setpriv, _unshare, _nsenter, _mount) is not ({ }, { }, { }, { }))
        {
            return "util-linux's setpriv, unshare, nsenter and mount are needed";
        }

        try
        {
            var target = Directory.CreateDirectory(Path.Combine(folder, "target")).FullName;
            var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["PATH"] = "/usr/bin:/bin" };
            using var process = await spawner.StartAsync(Container([_shell, "-c", "[ $$ = 1 ]"], "/", environment, [(folder, target)],
                target));
            process.StandardInput.Close();
            var error = process.StandardError.ReadToEndAsync(cancellation);
            await process.StandardOutput.ReadToEndAsync(cancellation);
            await process.WaitForExitAsync(cancellation);
            return process.ExitCode == 0 ? null : (await error).Trim().ReplaceLineEndings(" ");
        }
        catch (Exception e) when (e is Win32Exception or IOException)
        {
            return e.Message;
        }
    }
}
