using System.Globalization;

namespace FaultTolerance.LocalCluster.Hosting;

/// <summary>
/// The files in the folder for temporary ones by which debuggers find a .NET process. The runtime takes them away at the end, but not
/// after a SIGKILL; so this program does without them.
/// </summary>
internal static class DiagnosticFiles
{
    /// <summary>Takes away those of this process.</summary>
    public static void Remove()
    {
        var pid = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        foreach (var pattern in (string[])[$"clr-debug-pipe-{pid}-*", $"dotnet-diagnostic-{pid}-*"])
        {
            try
            {
                foreach (var file in Directory.GetFiles(Path.GetTempPath(), pattern))
                {
                    File.Delete(file);
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // A folder that cannot be read holds nothing of ours.
                return;
            }
        }
    }
}
