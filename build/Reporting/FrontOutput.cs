namespace FaultMatrix.Build.Reporting;

/// <summary>Where a command's output goes.</summary>
/// <param name="Console">Writes lines.</param>
/// <param name="Format">What the host wants instead of plain text.</param>
/// <param name="Host">The host, one of <see cref="Model.HostNames"/>.</param>
/// <param name="Interactive">A person sits at a terminal.</param>
internal sealed record FrontOutput(FrontConsole Console, HostFormat Format, string Host, bool Interactive);
