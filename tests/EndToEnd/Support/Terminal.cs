using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace EndToEnd;

/// <summary>A command of the build in a pseudo terminal of its own, which can be closed under it as a window is.</summary>
internal sealed class Terminal : IAsyncDisposable
{
    private const int ReadWriteNoControl = 0x2 | 0x100;
    private const int NonBlockingCloseOnExec = 0x800 | 0x80000;
    private readonly int _master;
    private readonly Process _process;
    private readonly CancellationTokenSource _closed = new();
    private readonly StringBuilder _output = new();
    private readonly Task _reading;

    private Terminal(int master, Process process)
    {
        (_master, _process) = (master, process);
        _reading = ReadAsync();
    }

    /// <summary>The command's process.</summary>
    public int Id => _process.Id;

    /// <summary>What it has written so far, with its control sequences.</summary>
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

    /// <summary>Starts <c>./build.sh</c> with these words.</summary>
    public static Terminal Start(IEnumerable<string> words, IReadOnlyDictionary<string, string> environment)
    {
        var master = OpenTerminal(ReadWriteNoControl | NonBlockingCloseOnExec);
        if (master < 0 || Grant(master) != 0 || Unlock(master) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }

        var name = new byte[128];
        if (NameOf(master, name, (nuint)name.Length) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }

        // setsid makes the terminal the controlling one; each program replaces the one before, so that the process stays the same.
        var slave = Encoding.ASCII.GetString(name, 0, Array.IndexOf(name, (byte)0));
        var start = new ProcessStartInfo("/bin/sh") { UseShellExecute = false, WorkingDirectory = Repository.Root };
        foreach (
            var word in (string[])
                [
                    "-c", "terminal=$1; shift; exec setsid --ctty env --default-signal=HUP bash ./build.sh \"$@\" <\"$terminal\" >\"$terminal\" 2>&1",
                    "sh", slave, .. words,
                ]
        )
        {
            start.ArgumentList.Add(word);
        }

        foreach (var given in start.Environment.Keys.Where(BuildScript.IsOfTheMachine).ToList())
        {
            start.Environment.Remove(given);
        }

        start.Environment["TERM"] = "xterm";
        foreach (var (variable, value) in environment)
        {
            start.Environment[variable] = value;
        }

        return new Terminal(master, Process.Start(start)!);
    }

    /// <summary>Closes the terminal: its programs get SIGHUP, and can write to it no more.</summary>
    public async Task CloseAsync()
    {
        if (!_closed.IsCancellationRequested)
        {
            await _closed.CancelAsync();
            await _reading;
            _ = CloseDescriptor(_master);
        }
    }

    /// <summary>Waits for the command's end.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> WaitAsync(CancellationToken cancellation)
    {
        await _process.WaitForExitAsync(cancellation);
        return _process.ExitCode;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
        _closed.Dispose();
    }

    // The descriptor never blocks: a read that waits would keep the terminal open after its close.
    private async Task ReadAsync()
    {
        var buffer = new byte[16 * 1024];
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        try
        {
            do
            {
                while (Read(_master, buffer, (nuint)buffer.Length) is > 0 and var count)
                {
                    lock (_output)
                    {
                        _output.Append(Encoding.UTF8.GetString(buffer, 0, (int)count));
                    }
                }
            }
            while (await timer.WaitForNextTickAsync(_closed.Token));
        }
        catch (OperationCanceledException)
        {
            // Closed.
        }
    }

    [DllImport("libc", EntryPoint = "posix_openpt", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int OpenTerminal(int flags);

    [DllImport("libc", EntryPoint = "grantpt", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Grant(int descriptor);

    [DllImport("libc", EntryPoint = "unlockpt", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Unlock(int descriptor);

    [DllImport("libc", EntryPoint = "ptsname_r", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int NameOf(int descriptor, [Out] byte[] name, nuint size);

    [DllImport("libc", EntryPoint = "read", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint Read(int descriptor, [Out] byte[] buffer, nuint size);

    [DllImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int CloseDescriptor(int descriptor);
}
