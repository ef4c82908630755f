using FaultTolerance.Artefacts.Events;

namespace FaultTolerance.Results.Recovery;

/// <summary>When as many pods of the service that was hit were ready as just before the fault was issued.</summary>
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
        foreach (var item in input.Timeline.OfType<PodChanged>().Where(item => input.Service is null || item.Service == input.Service))
        {
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
            : lost ? Measured.AtLeast(input.ClusterEnd - input.Zero, RecoveryInput.ObservationEnded)
            : Measured.NotNeeded;
    }
}
