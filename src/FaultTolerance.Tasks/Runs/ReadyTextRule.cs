namespace FaultTolerance.Runs;

/// <summary>A text by which the logs of some services say that a pod serves, as scenarios.json gives it and run.json keeps it.</summary>
/// <param name="Services">Names of services, or globs; none for all.</param>
/// <param name="Text">The text, sought as it stands in a line's message.</param>
internal sealed record ReadyTextRule(IReadOnlyList<string> Services, string Text);
