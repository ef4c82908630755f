namespace FaultTolerance.Results.Recovery;

/// <summary>When a request first succeeded again: the end of the first success after the first failed request. Traffic may have moved to another replica.</summary>
public sealed class FirstSuccess : IRecoveryDefinition
{
    /// <inheritdoc/>
    public string Name => "first_success";

    /// <inheritdoc/>
    public Measured Measure(RecoveryInput input)
    {
        var failed = false;
        foreach (var request in input.Requests.Where(request => request.End >= input.From))
        {
            if (failed && request.Ok)
            {
                return Measured.Of(request.End - input.Zero, request.Told);
            }

            failed |= !request.Ok;
        }

        return !input.IsFelt ? Measured.Unknown : failed ? Measured.AtLeast(input.LoadEnd - input.Zero, RecoveryInput.LoadEnded) : Measured.NotNeeded;
    }
}
