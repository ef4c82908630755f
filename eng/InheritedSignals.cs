using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FaultMatrix.Testing;

/// <summary>
/// Part of every test program. A script that starts one in the background has it ignore SIGINT and SIGQUIT, and its children with it, which
/// some tests interrupt. They are taken back before the runtime first looks at signals, since it keeps what it finds.
/// </summary>
internal static class InheritedSignals
{
    private const int Interrupt = 2;
    private const int Quit = 3;

    [ModuleInitializer]
    internal static void Reset()
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
