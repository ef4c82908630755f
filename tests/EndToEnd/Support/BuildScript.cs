using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace EndToEnd;

/// <summary>A run of <c>./build.sh</c> as a user would start it, with its output kept line by line.</summary>
internal sealed class BuildScript : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly List<(Func<string, bool> Matches, TaskCompletionSource<string> Seen)> _awaited = [];
    private readonly Lock _gate = new();

    private BuildScript(ProcessStartInfo start)
    {
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, e) => Take(e.Data);
        _process.ErrorDataReceived += (_, e) => Take(e.Data);
    }

    /// <summary>Everything printed so far.</summary>
    public string Output
    {
        get
        {
            lock (_gate)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>The program's process id (build.sh replaces itself by the program).</summary>
    public int Id => _process.Id;

    /// <summary>Starts it.</summary>
    public static BuildScript Start(
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string?>? environment = null,
        string? folder = null
    )
    {
        var start = new ProcessStartInfo("bash")
        {
            WorkingDirectory = folder ?? Repository.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
        };
        start.ArgumentList.Add(Path.Combine(folder ?? Repository.Root, "build.sh"));
        var words = arguments.ToList();
        foreach (var word in words)
        {
            start.ArgumentList.Add(word);
        }

        if (!words.Contains("--cluster-name", StringComparer.Ordinal))
        {
            // Not the cluster that a developer may have up in this checkout.
            start.ArgumentList.Add("--cluster-name");
            start.ArgumentList.Add("e2e-of-nobody");
        }

        // A user's machine without a cluster, whatever the machine that tests has; and no CI host's own output form.
        foreach (var name in start.Environment.Keys.Where(IsOfTheMachine).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["NO_COLOR"] = "1";
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>(StringComparer.Ordinal))
        {
            start.Environment[name] = value;
        }

        var script = new BuildScript(start);
        script._process.Start();
        script._process.StandardInput.Close();
        script._process.BeginOutputReadLine();
        script._process.BeginErrorReadLine();
        return script;
    }

    /// <summary>Runs it to its end.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(
        IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment = null, string? folder = null)
    {
        await using var script = Start(arguments, environment, folder);
        var code = await script.WaitAsync();
        return (code, script.Output);
    }

    /// <summary>Waits for its end.</summary>
    public async Task<int> WaitAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return _process.ExitCode;
    }

    /// <summary>Waits for a line, for ten minutes at most; a program that ends without it fails the test, with what it said.</summary>
    public async Task<string> SeesAsync(Func<string, bool> matches)
    {
        var seen = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            var known = _output.ToString().Split('\n').FirstOrDefault(matches);
            if (known is not null)
            {
                return known;
            }

            _awaited.Add((matches, seen));
        }

        // Its end comes after its last line.
        var end = WaitAsync();
        if (await Task.WhenAny(seen.Task, end).WaitAsync(TimeSpan.FromMinutes(10), TestContext.Current.CancellationToken) == end)
        {
            Assert.True(seen.Task.IsCompleted, $"it ended with exit code {await end} without the line that was awaited:\n{Output}");
        }

        return await seen.Task;
    }

    /// <summary>Sends a real signal to the program.</summary>
    public void Signal(int signal)
    {
        if (!Signal(_process.Id, signal))
        {
            throw new InvalidOperationException($"process {_process.Id} has ended");
        }
    }

    /// <summary>Sends a real signal to a process that the test has started, or that one of those has; false where it has ended.</summary>
    public static bool Signal(int pid, int signal)
    {
        const int NoSuchProcess = 3;
        return Kill(pid, signal) == 0
            || (
                Marshal.GetLastPInvokeError() == NoSuchProcess
                    ? false
                    : throw new InvalidOperationException($"kill({pid}, {signal}) failed: {Marshal.GetLastPInvokeErrorMessage()}")
            );
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
    }

    internal static bool IsOfTheMachine(string name) =>
        name is "KUBECONFIG" or "CI" or "GITHUB_ACTIONS" or "TF_BUILD" or "GITLAB_CI" or "TEAMCITY_VERSION" or "GITHUB_STEP_SUMMARY"
        || name.StartsWith("NUKE_", StringComparison.Ordinal) || name.StartsWith("KUBERNETES_", StringComparison.Ordinal);

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int pid, int signal);

    private void Take(string? line)
    {
        if (line is null)
        {
            return;
        }

        List<TaskCompletionSource<string>> seen = [];
        lock (_gate)
        {
            _output.AppendLine(line);
            foreach (var awaited in _awaited.Where(a => a.Matches(line)).ToList())
            {
                _awaited.Remove(awaited);
                seen.Add(awaited.Seen);
            }
        }

        seen.ForEach(s => s.SetResult(line));
    }
}
