using System.Runtime.InteropServices;

namespace FaultMatrix.Build.Model;

/// <summary>What the front asks of the machine that it runs on.</summary>
/// <param name="IsLinux">Whether it has Linux, which the local cluster needs.</param>
/// <param name="Description">Its operating system, in words.</param>
internal sealed record Machine(bool IsLinux, string Description)
{
    /// <summary>The machine of this process.</summary>
    public static Machine This { get; } = new(OperatingSystem.IsLinux(), RuntimeInformation.OSDescription);
}
