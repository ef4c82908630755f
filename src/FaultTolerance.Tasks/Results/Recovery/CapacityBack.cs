using FaultTolerance.Artefacts.Events;

namespace FaultTolerance.Results.Recovery;

/// <summary>
/// When as many pods of the service that was hit were ready as just before the fault was issued. Where somebody changes how many there
/// are to be, as a planner does, the number then wanted counts. Pods that are not the one of their replica that serves count not at all.
/// </summary>
internal sealed class CapacityBack : RecoveryDefinition
{
    /// <summary>Its id.</summary>
    public const string Key = "capacity_back";

    /// <inheritdoc/>
    public override string Id => Key;

    /// <inheritdoc/>
    public override string Header => "Capacity\nBack";

    /// <inheritdoc/>
    public override string Title => "Capacity back";

    /// <inheritdoc/>
    public override string Legend => "as many pods ready as before";

    /// <inheritdoc/>
    public override Measured Measure(RecoveryInput input)
    {
        var (ready, full, lost) = (new HashSet<string>(StringComparer.Ordinal), 0, false);
        var issued = input.Zero;
        foreach (var told in input.Timeline)
        {
            if (told is ReplicasChanged scaled && scaled.At >= issued && IsOf(input, scaled.Service))
            {
                full += (int)((scaled.Wanted ?? 0) - (scaled.Before ?? 0));
                if (lost && ready.Count >= full)
                {
                    return Measured.Of(scaled.At - input.Zero, $"{scaled.Service} is to have {scaled.Wanted} replicas");
                }
            }

            if (told is not PodChanged { Headless: not true } item || !IsOf(input, item.Service))
            {
                continue;
            }

            var pod = item.Uid ?? item.Pod ?? "";
            switch (item.Change)
            {
                case PodChange.Ready:
                    ready.Add(pod);
                    break;
                case PodChange.NotReady or PodChange.ContainerTerminated or PodChange.Terminating or PodChange.Deleted:
                    ready.Remove(pod);
                    break;
            }

            if (item.At < issued)
            {
                full = ready.Count;
            }
            else if (lost && ready.Count >= full)
            {
                return Measured.Of(item.Happened - input.Zero, RecoveryInput.Told(item));
            }

            lost |= item.At >= issued && ready.Count < full;
        }

        return full == 0 ? Measured.Unknown
            : lost ? Measured.AtLeast(input.ClusterEnd - input.Zero, input.WatchEnd)
            : Measured.NotNeeded;
    }

    private static bool IsOf(RecoveryInput input, string? service) => input.Service is null || service == input.Service;
}
