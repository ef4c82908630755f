namespace FaultTolerance.Results.Recovery;

/// <summary>When a client first saw a request fail: the end of the first failed request that ended after the fault.</summary>
public sealed class FirstError : RecoveryDefinition
{
    /// <summary>Its id.</summary>
    public const string Key = "first_error";

    /// <inheritdoc/>
    public override string Id => Key;

    /// <inheritdoc/>
    public override string Header => "First\nError";

    /// <inheritdoc/>
    public override string Title => "First error";

    /// <inheritdoc/>
    public override string Legend => "end of the first request that failed";

    /// <inheritdoc/>
    public override Measured Measure(RecoveryInput input)
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
