using System.Globalization;

namespace FaultTolerance.LocalCluster.Tests.Kubelet;

/// <summary>Finds a test's own processes by their environment.</summary>
internal static class Processes
{
    /// <summary>Processes with a variable in their environment that a cluster of the test's port started.</summary>
    public static IReadOnlyList<int> With(string variable, int apiPort)
    {
        var found = new List<int>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var pid))
            {
                continue;
            }

            try
            {
                var environment = File.ReadAllText($"/proc/{pid}/environ").Split('\0');
                if (
                    environment.Contains(variable)
                    && environment.Contains(string.Create(CultureInfo.InvariantCulture, $"KUBERNETES_SERVICE_PORT={apiPort}"))
                )
                {
                    found.Add(pid);
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // ended while we looked, or not ours
            }
        }

        return found;
    }

    /// <summary>The id that a process has in its innermost PID namespace.</summary>
    public static int NamespacePid(int pid)
    {
        var line = File.ReadLines($"/proc/{pid}/status").First(l => l.StartsWith("NSpid:", StringComparison.Ordinal));
        return int.Parse(line.Split('\t')[^1], CultureInfo.InvariantCulture);
    }
}
