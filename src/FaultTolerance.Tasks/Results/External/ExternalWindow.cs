using FaultTolerance.Results.Recovery;

namespace FaultTolerance.Results.External;

/// <summary>Where the moment of a failure from outside is known from.</summary>
internal enum MomentSource
{
    /// <summary>From nothing but the damage.</summary>
    Found,

    /// <summary>Somebody marked it while the load ran.</summary>
    Mark,

    /// <summary>The scenarios file names it.</summary>
    File,
}

/// <summary>A failure from outside: a stretch of damage, or a moment that was told and did none.</summary>
/// <param name="Zero">The moment that its times count from, UTC ticks.</param>
/// <param name="Source">Where that is known from.</param>
/// <param name="Text">What was marked; null for none.</param>
/// <param name="Spell">The damage; null where there is none.</param>
internal sealed record ExternalWindow(long Zero, MomentSource Source, string? Text, HarmSpell? Spell)
{
    /// <summary>How long requests went unanswered.</summary>
    public Measured Outage { get; init; } = Measured.NotNeeded;

    /// <summary>From the moment to the first request after it that was answered.</summary>
    public Measured FirstSuccess { get; init; } = Measured.NotNeeded;

    /// <summary>From the moment until all was well again.</summary>
    public Measured Recovery { get; init; } = Measured.NotNeeded;

    /// <summary>Requests lost in it.</summary>
    public int Lost => Spell?.Lost ?? 0;
}
