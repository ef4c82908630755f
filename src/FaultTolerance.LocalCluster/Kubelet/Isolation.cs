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
/// The scripts are fixed texts; whatever comes from a pod is an argument of its own, never part of a script.
/// The chain cluster → waiting shell → PID 1 hangs on parent-death signals: when the cluster dies, the kernel kills
/// the shell, then PID 1, and with PID 1 its whole namespace.
/// </summary>
internal sealed class Isolation
{
    // The parent may have died before the death signal was set: then the parent is no longer the one expected.
    private const string Guard = "[ \"$PPID\" = \"$1\" ] || exit 125; shift; exec \"$@\"";

    // unshare itself would fork too, but loses the code of a child that SIGKILL ended (util-linux 2.38 exits with 1).
    // The first child of this shell is PID 1 of the new namespace. The shell's own remarks ("Killed") are no container's output.
    private const string Parent =
        """
        exec 3>&2 2>/dev/null
        __setpriv=$1; shift
        "$__setpriv" --pdeathsig KILL -- "$1" -c "$2" init $$ "$@" 2>&3 3>&-
        exit $?
        """;

    // $1 parent's id; $4 mount, $5 working directory, then source and target of each mount up to "--", then the command.
    // The host's /proc, still mounted at first, tells the process its id on the host; that line is the sign of success.
    // It also tells the parent's, which must be the one expected: had it died before the death signal was set, nobody would.
    private const string Init =
        """
        read -r __pid _ _ __ppid _ </proc/self/stat || exit 125
        [ "$__ppid" = "$1" ] || exit 125
        __mount=$4 __wd=$5; shift 5
        while [ "$1" != -- ]; do "$__mount" --bind "$1" "$2" || exit 125; shift 2; done
        shift
        "$__mount" -t proc -o nosuid,nodev,noexec proc /proc || exit 125
        cd -- "$__wd" || exit 125
        command -v -- "$1" >/dev/null || { echo "exec: \"$1\": executable file not found in \$PATH" >&2; exit 127; }
        echo "$__pid"
        exec "$@" </dev/null
        """;

    private const string PlainInit =
        """
        cd -- "$1" || exit 125
        shift
        command -v -- "$1" >/dev/null || { echo "exec: \"$1\": executable file not found in \$PATH" >&2; exit 127; }
        echo $$
        exec "$@" </dev/null
        """;

    private const string Enter = "cd -- \"$1\" || exit 126; shift; exec \"$@\"";
    private const string EnterMerged = "cd -- \"$1\" || exit 126; shift; exec \"$@\" 2>&1";

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

    /// <summary>True when a pod's folder can be mounted where the container expects it.</summary>
    public bool HasMounts => Mode != IsolationMode.None;

    /// <summary>Tries what the machine allows, best first, by starting a container that ends at once.</summary>
    /// <param name="spawner">The thread that starts processes.</param>
    /// <param name="folder">An empty folder to try a mount with.</param>
    /// <param name="modes">What to try, in order.</param>
    /// <param name="cancellation">Ends the attempt.</param>
    public static async Task<Isolation> ProbeAsync(ProcessSpawner spawner, string folder, IReadOnlyList<IsolationMode> modes, CancellationToken cancellation)
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
            $"no PID namespaces here ({reason}): containers see the machine's processes, are not PID 1, have no volumes, find their service " +
            "account's files by KUBERNETES_SERVICE_ACCOUNT_FOLDER, and children that they leave behind outlive a SIGKILL of the cluster";
        return isolation;
    }

    /// <summary>The start of a container. Its first output line is its PID 1's id on the host; then its own output follows.</summary>
    public ProcessStartInfo Container(
        IReadOnlyList<string> command, string workingDirectory, IReadOnlyDictionary<string, string> environment, IReadOnlyList<(string Source, string Target)> mounts)
    {
        var arguments = Guarded();
        if (Mode == IsolationMode.None)
        {
            if (_setsid is not null)
            {
                arguments.Add(_setsid);
            }

            arguments.AddRange([_shell, "-c", PlainInit, "init", workingDirectory]);
        }
        else
        {
            arguments.Add(_unshare!);
            if (Mode == IsolationMode.UserNamespace)
            {
                arguments.AddRange(["--user", "--map-root-user"]);
            }

            arguments.AddRange(["--pid", "--mount", _shell, "-c", Parent, "parent", _setpriv!, _shell, Init, _mount!, workingDirectory]);
            foreach (var (source, target) in mounts)
            {
                arguments.AddRange([source, target]);
            }

            arguments.Add("--");
        }

        arguments.AddRange(command);
        return Start(arguments, environment);
    }

    /// <summary>The start of a command in the namespaces of a running container.</summary>
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
            if (Mode == IsolationMode.UserNamespace)
            {
                arguments.AddRange(["--user", "--preserve-credentials"]);
            }
        }

        arguments.AddRange([_shell, "-c", merged ? EnterMerged : Enter, "enter", workingDirectory]);
        if (_setpriv is not null)
        {
            // nsenter forks: the command itself must die with it too.
            arguments.AddRange([_setpriv, "--pdeathsig", "KILL", "--"]);
        }

        arguments.AddRange(command);
        return Start(arguments, environment);
    }

    private static string? Find(string tool) =>
        ((string[])["/usr/bin", "/bin", "/usr/sbin", "/sbin", "/usr/local/bin"]).Select(d => Path.Combine(d, tool)).FirstOrDefault(File.Exists);

    private List<string> Guarded() =>
        _setpriv is null ? [] : [_setpriv, "--pdeathsig", "KILL", "--", _shell, "-c", Guard, "guard", _self];

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
            using var process = await spawner.StartAsync(Container([_shell, "-c", "[ $$ = 1 ]"], "/", environment, [(folder, target)]));
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
