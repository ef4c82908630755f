namespace FaultTolerance.Results.Recovery;

/// <summary>
/// When the last request was lost. Single failures may come long after the service is back: a router that tries a dead instance again.
/// </summary>
internal sealed class LastError : RecoveryDefinition
{
    /// <summary>Its id.</summary>
    public const string Key = "last_error";

    /// <inheritdoc/>
    public override string Id => Key;

    /// <inheritdoc/>
    public override string Header => "Last\nError";

    /// <inheritdoc/>
    public override string Title => "Last error";

    /// <inheritdoc/>
    public override string Legend => "the last request that failed, told in the same way";

    /// <inheritdoc/>
    public override Measured Measure(RecoveryInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return !input.IsFelt ? Measured.Unknown
            : input.Harm.Lost is [.., var last] ? Measured.Of(last.At - input.Zero, last.Request.Told)
            : Measured.NotNeeded;
    }
}
