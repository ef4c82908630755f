using System.Globalization;

namespace FaultTolerance.StandIn.Wire;

/// <summary>What a worker does.</summary>
internal enum WorkerRole
{
    Decode,
    Prefill,
}

/// <summary>A worker's word that it takes requests: <c>ready role pod contextLength model</c>.</summary>
/// <param name="Role">What it does.</param>
/// <param name="Pod">Its pod's name.</param>
/// <param name="Model">Its model's name.</param>
/// <param name="ContextLength">Most tokens of prompt and output together; null where it takes any.</param>
/// <param name="NeedsPrefill">Whether it only decodes, so that its model is served with a prefill worker only.</param>
internal sealed record ReadyNotice(WorkerRole Role, string Pod, string Model, int? ContextLength = null, bool NeedsPrefill = false)
{
    public override string ToString()
    {
        var role = Role == WorkerRole.Prefill ? "prefill" : NeedsPrefill ? "decode-only" : "decode";
        return string.Create(CultureInfo.InvariantCulture, $"{WorkerNotice.Ready} {role} {Pod} {ContextLength ?? 0} {Model}");
    }

    /// <summary>Reads a line; null for any other.</summary>
    public static ReadyNotice? TryParse(string line)
    {
        if (
            line.Split(' ', 5)
                is not [WorkerNotice.Ready, ("prefill" or "decode" or "decode-only") and var role, var pod, var length, var model]
            || !int.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out var limit)
        )
        {
            return null;
        }

        return new(role == "prefill" ? WorkerRole.Prefill : WorkerRole.Decode, pod, model, limit > 0 ? limit : null, role == "decode-only");
    }
}
