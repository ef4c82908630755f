using System.Runtime.InteropServices;

namespace FaultMatrix.Build.Model;

/// <summary>What lies at a path: a device or a pipe in a file's place would be read without end, or block.</summary>
internal enum FileKind
{
    /// <summary>Nothing, or nothing that can be looked at.</summary>
    Missing,

    /// <summary>A file.</summary>
    Regular,

    /// <summary>A folder.</summary>
    Folder,

    /// <summary>A device, a pipe or a socket.</summary>
    Other,
}

/// <summary>Tells <see cref="FileKind"/>s.</summary>
internal static class FileKinds
{
    private const int CurrentFolder = -100;
    private const uint TypeAndMode = 0x1;

    // struct statx is the same on every processor: stx_mode is 16 bits at 28.
    private const int SizeOfStatx = 256;
    private const int OffsetOfMode = 28;

    /// <summary>What lies at a path, links followed.</summary>
    public static FileKind Of(string path)
    {
        if (Directory.Exists(path))
        {
            return FileKind.Folder;
        }

        if (!OperatingSystem.IsLinux())
        {
            return File.Exists(path) ? FileKind.Regular : FileKind.Missing;
        }

        var result = new byte[SizeOfStatx];
        return Statx(CurrentFolder, path, 0, TypeAndMode, result) != 0 ? FileKind.Missing
            : (BitConverter.ToUInt16(result, OffsetOfMode) & 0xF000) == 0x8000 ? FileKind.Regular : FileKind.Other;
    }

    [DllImport("libc", EntryPoint = "statx", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Statx(int folder, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint mask, byte[] result);
}
