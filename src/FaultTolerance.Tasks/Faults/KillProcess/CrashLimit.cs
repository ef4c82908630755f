using FaultTolerance.Faults.Processes;

namespace FaultTolerance.Faults.KillProcess;

/// <summary>
/// How PID 1 of a container is killed. The kernel drops a SIGKILL that comes from inside its own PID namespace; but a process that is over
/// its limit of processor time the kernel kills itself, PID 1 too.
/// </summary>
internal static class CrashLimit
{
    // 128 and the signal's number.
    private const int Killed = 137;

    // Killed too, but for its memory.
    private const string OutOfMemory = "OOMKilled";

    /// <summary>Whether a container ended as one does whose PID 1 was killed so.</summary>
    public static bool Proves(ContainerEnded end)
    {
        ArgumentNullException.ThrowIfNull(end);
        return end.ExitCode == Killed && end.Reason != OutOfMemory;
    }

    /// <summary>That it cannot be done here.</summary>
    public static FaultMatrixException Impossible(PodTarget target, string why, Exception? inner = null)
    {
        ArgumentNullException.ThrowIfNull(target);
        return new FaultMatrixException(
            "FT0616",
            $"PID 1 of container '{target.Container}' in pod '{target.Name}' cannot be killed from inside: {why}; "
            + "use pod deletion, SIGINT or SIGTERM, or a --shell-image that has prlimit",
            inner);
    }
}
