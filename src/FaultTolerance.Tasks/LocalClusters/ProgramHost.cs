using System.Runtime.Versioning;
using System.Text;

namespace FaultTolerance.LocalClusters;

/// <summary>
/// The small native program that starts a managed one under its own name. A package that serves every machine has none; the SDK has the
/// template of this machine's.
/// </summary>
[SupportedOSPlatform("linux")]
internal static class ProgramHost
{
    private const UnixFileMode Mode = (UnixFileMode)0b111_101_101;

    // What the template holds where the assembly's name goes (Microsoft.NET.HostModel: SHA-256 of "foobar").
    private static ReadOnlySpan<byte> Place => "c3ab8ff13720e8ad9047dd39466b3c8974e592c2fa383d4a3960714caef0c4f2"u8;

    /// <summary>Writes it.</summary>
    /// <param name="template">The SDK's template.</param>
    /// <param name="file">Where the host goes: beside the assembly.</param>
    /// <param name="assembly">The assembly's file name, at most 63 bytes.</param>
    /// <exception cref="FaultMatrixException">FT0303: the template is missing, or is none.</exception>
    public static void Write(string template, string file, string assembly)
    {
        var name = Encoding.UTF8.GetBytes(assembly);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(name.Length, Place.Length, nameof(assembly));
        if (!File.Exists(template))
        {
            throw new FaultMatrixException("FT0303", $"the local cluster needs the SDK's '{template}', and this SDK has none");
        }

        Span<byte> host = File.ReadAllBytes(template);
        var at = host.IndexOf(Place);
        if (at < 0)
        {
            throw new FaultMatrixException(
                "FT0303", $"the local cluster needs the SDK's '{template}', and that is no template of a program");
        }

        var place = host.Slice(at, Place.Length);
        place.Clear();
        name.CopyTo(place);
        File.WriteAllBytes(file, host);
        File.SetUnixFileMode(file, Mode);
    }
}
