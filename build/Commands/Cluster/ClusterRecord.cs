using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using FaultMatrix.Shared;

namespace FaultMatrix.Build.Commands.Cluster;

/// <summary>What ClusterUp leaves for later commands.</summary>
/// <param name="Name">The cluster's name.</param>
/// <param name="Pid">Its process.</param>
/// <param name="Started">When that process started, so that another one with its number is not taken for it.</param>
/// <param name="Server">The API server's address.</param>
/// <param name="Kubeconfig">Its kubeconfig.</param>
internal sealed record ClusterRecord(string Name, int Pid, string Started, string Server, string Kubeconfig)
{
    /// <summary>The record of a cluster, or null if there is none that can be read.</summary>
    public static ClusterRecord? Read(string folder, string name)
    {
        var file = FileOf(folder, name);
        if (!File.Exists(file))
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(File.ReadAllText(file));
            string Text(string key) => document.RootElement.GetProperty(key).GetString()!;
            return new ClusterRecord(Text("name"), document.RootElement.GetProperty("pid").GetInt32(), Text("started"), Text("server"),
                Text("kubeconfig"));
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or IOException)
        {
            return null;
        }
    }

    /// <summary>Names of all recorded clusters.</summary>
    public static IEnumerable<string> Names(string folder) => !Directory.Exists(folder) ? [] :
        Directory.EnumerateFiles(folder, "cluster-*.json").Select(f => Path.GetFileNameWithoutExtension(f)["cluster-".Length..]);

    public void Write(string folder)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("name", Name);
            json.WriteNumber("pid", Pid);
            json.WriteString("started", Started);
            json.WriteString("server", Server);
            json.WriteString("kubeconfig", Kubeconfig);
            json.WriteEndObject();
        }

        var file = FileOf(folder, Name);
        AtomicFile.Write(file, target => target.Write(stream.ToArray()));
    }

    /// <summary>Removes the record, and what a cluster of that name that has ended may have left.</summary>
    public static void Remove(string folder, string name)
    {
        if (Directory.Exists(folder))
        {
            File.Delete(FileOf(folder, name));
            LocalClusterOptions.RemoveFiles(Path.Combine(folder, $"cluster-{name}"));
        }
    }

    /// <summary>Waits until the cluster has ended.</summary>
    public async Task EndedAsync(CancellationToken cancellationToken)
    {
        // Not our child, so its end cannot be awaited.
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (IsAlive())
        {
            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    /// <summary>Whether this very process still runs.</summary>
    public bool IsAlive() => StartOf(Pid) == Started;

    /// <summary>A stamp of a process's start, or null if there is no such process.</summary>
    public static string? StartOf(int pid)
    {
        try
        {
            if (OperatingSystem.IsLinux())
            {
                return ProcessStat.Read(pid) is { HasEnded: false } stat ? stat.Start : null;
            }

            using var process = Process.GetProcessById(pid);
            return process.StartTime.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }

    private static string FileOf(string folder, string name) => Path.Combine(folder, $"cluster-{name}.json");
}
