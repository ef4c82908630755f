namespace FaultTolerance.StandIn.Wire;

/// <summary>What a worker does.</summary>
internal enum WorkerRole
{
    Decode,
    Prefill,
}

/// <summary>A worker's word that it takes requests: <c>ready role pod model</c>.</summary>
internal sealed record ReadyNotice(WorkerRole Role, string Pod, string Model)
{
    public override string ToString() => $"{WorkerNotice.Ready} {(Role == WorkerRole.Prefill ? "prefill" : "decode")} {Pod} {Model}";

    /// <summary>Reads a line; null for any other.</summary>
    public static ReadyNotice? TryParse(string line) => line.Split(' ', 4) switch
    {
        [WorkerNotice.Ready, "prefill", var pod, var model] => new(WorkerRole.Prefill, pod, model),
        [WorkerNotice.Ready, "decode", var pod, var model] => new(WorkerRole.Decode, pod, model),
        _ => null,
    };
}
