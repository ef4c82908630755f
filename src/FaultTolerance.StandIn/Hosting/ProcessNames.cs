namespace FaultTolerance.StandIn.Hosting;

/// <summary>
/// The names of the engines' processes as <c>/proc/PID/cmdline</c> shows them, which is where fault injectors look. The image has a link
/// for each (Image.targets).
/// </summary>
internal static class ProcessNames
{
    public const string VllmCore = "VLLM::EngineCore";
    public const string VllmWorker = "VLLM::Worker";
    public const string SglangScheduler = "sglang::scheduler";
    public const string SglangDetokenizer = "sglang::detokenizer";
    public const string TrtllmMpi = "mpi4py.futures.server";
    public const string TrtllmCore = "TRTLLM:EngineCore";

    /// <summary>An engine that serves alone, beside a sidecar.</summary>
    public const string VllmServer = "vllm-rs";

    /// <summary>The endpoint picker of a gateway.</summary>
    public const string Picker = "epp";

    /// <summary>The argument of a process that does no requests.</summary>
    public const string IdleArgument = "--idle";

    /// <summary>Whether it is one of an engine's processes.</summary>
    public static bool IsEngine(string name) =>
        name.StartsWith(VllmCore, StringComparison.Ordinal)
        || name.StartsWith(SglangScheduler, StringComparison.Ordinal)
        || name is SglangDetokenizer or TrtllmMpi or TrtllmCore;
}
