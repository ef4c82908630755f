using System.Globalization;
using System.Text.Json.Nodes;
using FaultMatrix.Shared;
using FaultTolerance.Runs;

namespace FaultTolerance.Cluster.Sharing;

/// <summary>Who holds a lease: words for people, and what tells on the same machine whether the process still lives.</summary>
/// <param name="Identity">User, host, process and run; unique, since runs are.</param>
/// <param name="Boot">Boot of the machine and PID namespace in it; empty where unknown.</param>
/// <param name="Process">PID and start time, <c>4711:123456</c>; empty where unknown.</param>
public sealed record LeaseHolder(string Identity, string Boot, string Process)
{
    private const string BootKey = "faultmatrix.dev/boot";
    private const string ProcessKey = "faultmatrix.dev/process";

    /// <summary>This process, for a run.</summary>
    public static LeaseHolder OfThisProcess(string runId)
    {
        var pid = Environment.ProcessId;
        var identity = string.Create(CultureInfo.InvariantCulture, $"{Environment.UserName}@{Environment.MachineName}, process {pid}, run {runId}");
        return new LeaseHolder(identity, CurrentBoot(), StartOf(pid) is { } start ? string.Create(CultureInfo.InvariantCulture, $"{pid}:{start}") : "");
    }

    /// <summary>The holder that a lease names; null when nobody holds it.</summary>
    public static LeaseHolder? Of(JsonObject lease)
    {
        ArgumentNullException.ThrowIfNull(lease);
        var identity = lease["spec"]?["holderIdentity"]?.GetValue<string>();
        var annotations = lease["metadata"]?["annotations"];
        return string.IsNullOrEmpty(identity)
            ? null
            : new LeaseHolder(identity, annotations?[BootKey]?.GetValue<string>() ?? "", annotations?[ProcessKey]?.GetValue<string>() ?? "");
    }

    /// <summary>Whether it is a process of this machine that has ended, for certain.</summary>
    public bool HasEnded()
    {
        if (Boot.Length == 0 || Boot != CurrentBoot() || Process.Split(':') is not [var pid, var start])
        {
            return false;
        }

        return !int.TryParse(pid, CultureInfo.InvariantCulture, out var number) || StartOf(number) != start;
    }

    internal JsonObject Annotations() => new() { [BootKey] = Boot, [ProcessKey] = Process };

    // PIDs mean something only within one boot and one PID namespace.
    private static string CurrentBoot()
    {
        try
        {
            return RunFolder.CurrentBootId() is { Length: > 0 } boot && new FileInfo("/proc/self/ns/pid").LinkTarget is { } space ? $"{boot}/{space}" : "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static string? StartOf(int pid) => ProcessStat.Read(pid) is { HasEnded: false } stat ? stat.Start : null;
}
