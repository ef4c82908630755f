using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace RealCluster.Support;

/// <summary>
/// A process of the cluster that the tests run on, known by the file in which the cluster's scripts recorded its id and start time. No other
/// process is ever signalled. What a test breaks is whole again when what it was given is disposed of.
/// </summary>
internal sealed class ClusterComponent
{
    /// <summary>Names the folder of those files: one a component, with its id and its start in clock ticks since boot.</summary>
    public const string Variable = "FAULTMATRIX_CLUSTER_PIDS";

    private const int Kill = 9;
    private const int Continue = 18;
    private const int Stop = 19;
    private readonly string _file;

    private ClusterComponent(string file) => _file = file;

    /// <summary>Finds a component; skips the test where nobody says which processes are the cluster's.</summary>
    public static ClusterComponent Find(string name)
    {
        var folder = Environment.GetEnvironmentVariable(Variable);
        Assert.SkipWhen(string.IsNullOrEmpty(folder), $"{Variable} names no folder with the ids of the cluster's processes; .ci/real-cluster does");
        var component = new ClusterComponent(Path.Combine(folder!, name));
        Assert.True(component.Running is not null, $"{name} does not run");
        return component;
    }

    /// <summary>Stops it as SIGSTOP does, until what is returned is disposed of.</summary>
    public IAsyncDisposable Freeze()
    {
        Signal(Stop);
        return new Restored(() =>
        {
            Signal(Continue);
            return Task.CompletedTask;
        });
    }

    /// <summary>Kills it. It is started again as it was when what is returned is disposed of.</summary>
    public IAsyncDisposable Crash()
    {
        var pid = Running ?? throw new InvalidOperationException($"{_file}: not running");
        var command = Fields($"/proc/{pid}/cmdline");
        var environment = Fields($"/proc/{pid}/environ");
        Signal(Kill);
        return new Restored(() => StartAsync(command, environment));
    }

    // The recorded process, and no other that has its number now.
    private int? Running =>
        File.Exists(_file) && File.ReadAllText(_file).Split(' ', '\n') is [var id, var start, ..]
            && int.TryParse(id, CultureInfo.InvariantCulture, out var pid) && StartOf(pid) == start ? pid : null;

    private static string? StartOf(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] is "Z" or "X" ? null : fields[19];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string[] Fields(string file) => File.ReadAllText(file).Split('\0', StringSplitOptions.RemoveEmptyEntries);

    private void Signal(int signal)
    {
        if (Running is { } pid && SendSignal(pid, signal) != 0)
        {
            throw new InvalidOperationException($"kill({pid}, {signal}): {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    // As the cluster's own script starts it: in a session of its own, its output appended to its log, its id recorded.
    private async Task StartAsync(string[] command, string[] environment)
    {
        if (Running is not null)
        {
            return;
        }

        var log = Path.Combine(Path.GetDirectoryName(Path.GetDirectoryName(_file))!, "log", Path.GetFileName(_file) + ".log");
        const string Script = """
            file=$1 log=$2; shift 2
            setsid "$@" >>"$log" 2>&1 </dev/null &
            printf '%s %s\n' $! "$(cut -d' ' -f22 "/proc/$!/stat")" >"$file"
            """;
        var start = new ProcessStartInfo("bash", ["-c", Script, "bash", _file, log, .. command]) { UseShellExecute = false };
        start.Environment.Clear();
        foreach (var pair in environment.Select(one => one.Split('=', 2)).Where(pair => pair.Length == 2))
        {
            start.Environment[pair[0]] = pair[1];
        }

        using var starting = Process.Start(start)!;
        await starting.WaitForExitAsync(CancellationToken.None);
        if (Running is null)
        {
            throw new InvalidOperationException($"{_file}: could not be started again; see {log}");
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int pid, int signal);

    private sealed class Restored(Func<Task> restore) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await restore();
    }
}
