using System.Runtime.InteropServices;

namespace FaultTolerance.LocalCluster.Hosting;

/// <summary>How this process, and so every process it starts, answers to signals.</summary>
internal static class SignalDispositions
{
    private const int Interrupt = 2;
    private const int Quit = 3;

    /// <summary>
    /// Undoes what a shell does to background jobs: it starts them with SIGINT and SIGQUIT ignored, and a process that ignores a signal
    /// hands that on to its children. A container whose program cannot be interrupted is no container anybody has. To be called before the
    /// runtime first looks at signals, since it keeps what it finds.
    /// </summary>
    public static void Reset()
    {
        if (!OperatingSystem.IsWindows())
        {
            Set(Interrupt, IntPtr.Zero);
            Set(Quit, IntPtr.Zero);
        }
    }

    [DllImport("libc", EntryPoint = "signal")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern IntPtr Set(int signal, IntPtr handler);
}
