using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace FaultMatrix.Build.Tests.Support;

/// <summary>A program that a test has started, in a session of its own, so that a signal to its group reaches nobody else.</summary>
internal class StartedProgram : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(300);
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly Task _reading;

    /// <param name="words">The program and its arguments.</param>
    /// <param name="folder">Where it runs.</param>
    /// <param name="environment">Variables beside the machine's; those of hosts, clusters and of MSBuild are left out.</param>
    public StartedProgram(IEnumerable<string> words, string folder, IReadOnlyDictionary<string, string>? environment = null)
    {
        var info = new ProcessStartInfo("setsid", words)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = folder,
        };
        foreach (var name in info.Environment.Keys.Where(IsOfTheMachine).ToList())
        {
            info.Environment.Remove(name);
        }

        foreach (var (name, value) in environment ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            info.Environment[name] = value;
        }

        _process = Process.Start(info)!;
        _process.StandardInput.Close();
        _reading = Task.WhenAll(ReadAsync(_process.StandardOutput), ReadAsync(_process.StandardError));
    }

    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>Its process, and the number of its group.</summary>
    public int Id => _process.Id;

    public static async Task<(int ExitCode, string Output)> RunAsync(
        IEnumerable<string> words, string folder, IReadOnlyDictionary<string, string>? environment = null)
    {
        using var program = new StartedProgram(words, folder, environment);
        return (await program.EndAsync(), program.Output);
    }

    /// <summary>Waits for a state that the test looks at from outside.</summary>
    public async Task UntilAsync(Func<bool> condition)
    {
        using var patience = Limit();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(25));
        while (!condition())
        {
            Assert.False(_process.HasExited, "The program ended early:\n" + Output);
            await timer.WaitForNextTickAsync(patience.Token);
        }
    }

    /// <summary>Waits until a program that is not ours any more has written a line into a file.</summary>
    public static async Task UntilFileHoldsAsync(string file, string pattern)
    {
        using var patience = Limit();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(25));
        while (
            !File.Exists(file)
            || !Regex.IsMatch(await File.ReadAllTextAsync(file, patience.Token), pattern, RegexOptions.None, TimeSpan.FromSeconds(1))
        )
        {
            await timer.WaitForNextTickAsync(patience.Token);
        }
    }

    /// <summary>Sends a signal to the program, or as a terminal does to all of its group.</summary>
    public async Task SignalAsync(string signal, bool group = false)
    {
        using var kill = Process.Start("kill", ["-" + signal, "--", group ? $"-{_process.Id}" : $"{_process.Id}"]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    public async Task<int> EndAsync()
    {
        using var patience = Limit();
        await _process.WaitForExitAsync(patience.Token);
        await _reading.WaitAsync(patience.Token);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private static bool IsOfTheMachine(string name) =>
        name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("NUKE", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("KUBE", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("FAKE_", StringComparison.Ordinal)
        || name
            is "GITHUB_ACTIONS"
                or "TF_BUILD"
                or "TEAMCITY_VERSION"
                or "GITLAB_CI"
                or "GITHUB_STEP_SUMMARY"
                or "NO_COLOR"
                or "TESTINGPLATFORM_UI_LANGUAGE";

    private static CancellationTokenSource Limit()
    {
        var source = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        source.CancelAfter(Patience);
        return source;
    }

    private async Task ReadAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            lock (_output)
            {
                _output.Append(line).Append('\n');
            }
        }
    }
}
