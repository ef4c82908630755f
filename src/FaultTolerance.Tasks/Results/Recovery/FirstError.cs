namespace FaultTolerance.Results.Recovery;

/// <summary>When the first request was lost: its send, or the order where it was under way then; a stream is lost when it breaks.</summary>
internal sealed class FirstError : RecoveryDefinition
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
    public override string Legend => "the first request that failed, from its send (or the order where it was under way)";

    /// <inheritdoc/>
    public override Measured Measure(RecoveryInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return !input.IsFelt ? Measured.Unknown
            : input.Harm.Lost is [var first, ..] ? Measured.Of(first.At - input.Zero, first.Request.Told)
            : Measured.NotNeeded;
    }
}
