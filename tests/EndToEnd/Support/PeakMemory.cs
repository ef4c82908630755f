using System.Globalization;

namespace EndToEnd;

/// <summary>The most memory that a process has had at a time, as the kernel keeps it.</summary>
internal static class PeakMemory
{
    /// <summary>Reads it again and again until the process ends.</summary>
    /// <returns>Bytes of the last reading: 0 where there was none.</returns>
    public static async Task<long> OfAsync(int pid, Task until)
    {
        var most = 0L;
        while (!until.IsCompleted)
        {
            most = Math.Max(most, Read(pid));
            await Task.WhenAny(until, Task.Delay(TimeSpan.FromMilliseconds(100)));
        }

        return most;
    }

    private static long Read(int pid)
    {
        try
        {
            var line = File.ReadLines($"/proc/{pid}/status").FirstOrDefault(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? 0 : long.Parse(line.Split(' ', '\t', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
