namespace FaultTolerance.Results.Recovery;

/// <summary>
/// When a request first succeeded again: the end of the first success among those sent after a client had seen one fail. What was under
/// way then tells of the time before. Traffic may have moved to another replica.
/// </summary>
public sealed class FirstSuccess : RecoveryDefinition
{
    /// <summary>Its id.</summary>
    public const string Key = "first_success";

    /// <inheritdoc/>
    public override string Id => Key;

    /// <inheritdoc/>
    public override string Header => "First\nSuccess";

    /// <inheritdoc/>
    public override string Title => "First success";

    /// <inheritdoc/>
    public override string Legend => "first answer after the first error, maybe from another replica";

    /// <inheritdoc/>
    public override Measured Measure(RecoveryInput input)
    {
        long? failed = null;
        for (var i = SteadyBand.FirstAtOrAfter(input.Requests, input.From); i < input.Requests.Length; i++)
        {
            ref readonly var request = ref input.Requests[i];
            if (request.Ok && request.Start >= failed)
            {
                return Measured.Of(request.End - input.Zero, request.Told);
            }

            failed ??= request.Ok ? null : request.End;
        }

        return !input.IsFelt ? Measured.Unknown
            : failed is not null ? Measured.AtLeast(input.LoadEnd - input.Zero, RecoveryInput.LoadEnded) : Measured.NotNeeded;
    }
}
