namespace FaultTolerance.Results.Recovery;

/// <summary>When a client first saw a request fail: the end of the first failed request that ended after the fault.</summary>
public sealed class FirstError : IRecoveryDefinition
{
    /// <inheritdoc/>
    public string Name => "first_error";

    /// <inheritdoc/>
    public Measured Measure(RecoveryInput input)
    {
        foreach (var request in input.Requests)
        {
            if (!request.Ok && request.End >= input.From)
            {
                return Measured.Of(request.End - input.Zero, request.Told);
            }
        }

        return input.IsFelt ? Measured.NotNeeded : Measured.Unknown;
    }
}
