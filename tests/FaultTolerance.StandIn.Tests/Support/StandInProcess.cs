using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace FaultTolerance.StandIn.Tests.Support;

/// <summary>
/// A process started as the local cluster starts a container: by its name on the image's PATH, with its own environment only.
/// </summary>
internal sealed partial class StandInProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();

    private StandInProcess(Process process) => _process = process;

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public IReadOnlyCollection<string> Lines => _lines;

    public static string ImageBin { get; } = Path.GetFullPath(Path.Combine(
        AppContext.BaseDirectory, "..", "..", "FaultTolerance.StandIn", new DirectoryInfo(AppContext.BaseDirectory).Name, "image", "bin"));

    public static StandInProcess Start(string name, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(ImageBin, name)) { RedirectStandardError = true, UseShellExecute = false };
        start.Environment.Clear();
        start.Environment["PATH"] = $"{ImageBin}:/usr/local/bin:/usr/bin:/bin";
        start.Environment["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        foreach (var (variable, value) in environment)
        {
            start.Environment[variable] = value;
        }

        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        var process = new Process { StartInfo = start };
        var standIn = new StandInProcess(process);
        process.ErrorDataReceived += (_, line) => standIn._lines.Enqueue(line.Data ?? "");
        process.Start();
        process.BeginErrorReadLine();
        return standIn;
    }

    public string CommandLine() => CommandLineOf(Id);

    /// <summary>The ids of the children whose command line holds the text.</summary>
    public IReadOnlyList<int> Children(string text) => ChildrenOf(Id, text);

    public static IReadOnlyList<int> ChildrenOf(int parent, string text) =>
        [.. Directory.EnumerateDirectories("/proc").Select(folder => int.TryParse(Path.GetFileName(folder), out var id) ? id : 0)
            .Where(id => id > 0 && ParentOf(id) == parent && CommandLineOf(id).Contains(text, StringComparison.Ordinal))];

    /// <summary>The first word of the command line, without its folder.</summary>
    public static string NameOf(int id) => Path.GetFileName(File.ReadAllText($"/proc/{id}/cmdline").Split('\0')[0]);

    /// <summary>The state as the kernel tells it: R, S, T, Z, ...; a blank for a process that is gone.</summary>
    public static char StateOf(int id) => StateIn($"/proc/{id}");

    private static char StateIn(string folder)
    {
        try
        {
            var stat = File.ReadAllText(Path.Combine(folder, "stat"));
            return stat[stat.LastIndexOf(')') + 2];
        }
        catch (IOException)
        {
            return ' ';
        }
    }

    public static bool IsAlive(int id) => CommandLineOf(id).Length > 0;

    public static void Kill(int id, int signal) => Assert.Equal(0, SendSignal(id, signal));

    /// <summary>
    /// Stops all its threads. The signal stops the others only once one of them has run, which on a busy machine takes a while.
    /// </summary>
    public static async Task StopAsync(int id)
    {
        const int Stop = 19;
        Kill(id, Stop);
        await Eventually.TrueAsync(
            () => Directory.EnumerateDirectories($"/proc/{id}/task").All(thread => StateIn(thread) is 'T' or ' '),
            "all threads are stopped");
    }

    public async Task<int> ExitCodeAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        await _process.WaitForExitAsync(limit.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static string CommandLineOf(int id)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/cmdline").Replace('\0', ' ');
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static int ParentOf(int id)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{id}/stat");
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1]);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int process, int signal);
}
