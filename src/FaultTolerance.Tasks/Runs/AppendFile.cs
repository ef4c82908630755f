using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace FaultTolerance.Runs;

/// <summary>
/// A file that several processes append to. .NET's own append mode only seeks to the end once and then writes at positions of its own,
/// so that two processes overwrite each other; here the system appends (O_APPEND), and one write is one line.
/// A write that fails (the disk is full) throws nothing: a teardown must not end because its log does. It is kept in
/// <see cref="Failure"/>, nothing is written from then on, and the owner reports it.
/// </summary>
internal sealed class AppendFile : IDisposable
{
    private const int WriteOnly = 1;
    private const int CreateLinux = 0x40;
    private const int AppendLinux = 0x400;
    private const int CloseOnExecLinux = 0x80000;

    private readonly SafeFileHandle _handle;
    private readonly string _path;
    private readonly Lock _gate = new();
    private volatile FaultMatrixException? _failure;

    /// <summary>Opens the file, and makes it where it is not there.</summary>
    public AppendFile(string path) => (_path, _handle) = (path, Open(path));

    /// <summary>The first write that failed (FT0705), or null.</summary>
    public FaultMatrixException? Failure => _failure;

    /// <summary>Appends all of it with one write.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            if (_failure is not null)
            {
                return;
            }

            try
            {
                // On Linux the position is not looked at for a handle that appends.
                RandomAccess.Write(_handle, bytes, OperatingSystem.IsLinux() ? 0 : RandomAccess.GetLength(_handle));
            }
            catch (IOException e)
            {
                _failure = new FaultMatrixException(
                    "FT0705",
                    $"'{_path}' cannot be written: {e.Message.TrimEnd('.')}. What came later is missing in it.",
                    e
                );
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

    private static SafeFileHandle Open(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        }

        var mode = (int)ResultAccess.FileMode(path)!.Value;
        var descriptor = OpenDescriptor(path, WriteOnly | CreateLinux | AppendLinux | CloseOnExecLinux, mode);
        return descriptor >= 0
            ? new SafeFileHandle(descriptor, ownsHandle: true)
            : throw new IOException($"cannot append to '{path}': {Marshal.GetLastPInvokeErrorMessage()}");
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int OpenDescriptor([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, int mode);
}
