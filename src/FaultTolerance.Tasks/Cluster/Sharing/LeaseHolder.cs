using System.Globalization;
using System.Text.Json.Nodes;
using FaultMatrix.Shared;
using FaultTolerance.Runs;

namespace FaultTolerance.Cluster.Sharing;

/// <summary>Who holds a lease: words for people, and what tells on the same machine whether the process still lives.</summary>
/// <param name="Identity">User, host, process and run; unique, since runs are.</param>
/// <param name="Boot">Boot of the machine and PID namespace in it; empty where unknown.</param>
/// <param name="Process">PID and start time, <c>4711:123456</c>; empty where unknown.</param>
internal sealed record LeaseHolder(string Identity, string Boot, string Process)
{
    private const string BootKey = "faultmatrix.dev/boot";
    private const string ProcessKey = "faultmatrix.dev/process";

    /// <summary>This process, for a run.</summary>
    public static LeaseHolder OfThisProcess(string runId)
    {
        var pid = Environment.ProcessId;
        var identity = string.Create(
            CultureInfo.InvariantCulture,
            $"{Environment.UserName}@{Environment.MachineName}, process {pid}, run {runId}"
        );
        return new LeaseHolder(
            identity,
            CurrentBoot(),
            StartOf(pid) is { } start ? string.Create(CultureInfo.InvariantCulture, $"{pid}:{start}") : ""
        );
    }

    /// <summary>The holder that a lease names; null when nobody holds it.</summary>
    public static LeaseHolder? Of(JsonObject lease)
    {
        ArgumentNullException.ThrowIfNull(lease);
        var identity = ForeignText.Line(Text(lease["spec"], "holderIdentity"), 300);
        var annotations = lease["metadata"]?["annotations"];
        return identity.Length == 0 ? null : new LeaseHolder(identity, Text(annotations, BootKey), Text(annotations, ProcessKey));
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

    /// <summary>
    /// Whether it is this process, or one that started it: a build's worker nodes act for the process that holds the namespace.
    /// </summary>
    public bool IsOfThisBuild()
    {
        if (Boot.Length == 0 || Boot != CurrentBoot() || Process.Split(':') is not [var text, var start]
            || !int.TryParse(text, CultureInfo.InvariantCulture, out var pid))
        {
            return false;
        }

        var current = Environment.ProcessId;
        while (current > 0 && Living(current) is { } stat)
        {
            if (current == pid)
            {
                return stat.Start == start;
            }

            current = stat.Parent;
        }

        return false;
    }

    internal JsonObject Annotations() => new() { [BootKey] = Boot, [ProcessKey] = Process };

    // PIDs mean something only within one boot and one PID namespace.
    private static string CurrentBoot()
    {
        try
        {
            return RunFolder.CurrentBootId() is { Length: > 0 } boot && new FileInfo("/proc/self/ns/pid").LinkTarget is { } space
                ? $"{boot}/{space}"
                : "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static string Text(JsonNode? holder, string key) =>
        holder is JsonObject map && map[key] is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";

    private static string? StartOf(int pid) => Living(pid)?.Start;

    private static ProcessStat? Living(int pid) => ProcessStat.Read(pid) is { HasEnded: false } stat ? stat : null;
}
