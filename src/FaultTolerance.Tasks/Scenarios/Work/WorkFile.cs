namespace FaultTolerance.Scenarios.Work;

/// <summary>A file that says what requests ask, as it was when the scenarios were read.</summary>
/// <param name="Path">Its full path.</param>
/// <param name="Hash">SHA-256 of its bytes, in hex: a load of another text would not be the one that was planned.</param>
/// <param name="Count">Its lines that are not empty.</param>
internal sealed record WorkFile(string Path, string Hash, int Count);

/// <summary>A trace that is replayed.</summary>
/// <param name="File">Its file.</param>
/// <param name="Seconds">From its first request to its last, at <paramref name="Speed"/>.</param>
/// <param name="Speed">How many times as fast it is replayed as it was recorded.</param>
internal sealed record TraceSpec(WorkFile File, double Seconds, double Speed);

/// <summary>Words that begin the prompts of many requests.</summary>
/// <param name="Tokens">How many, beside the prompt's own.</param>
/// <param name="Groups">How many such prefixes there are; each request has one of them.</param>
internal sealed record SharedPrefix(int Tokens, int Groups);

/// <summary>Conversations: each request repeats what was said before.</summary>
/// <param name="Turns">Requests of one.</param>
internal sealed record SessionSpec(int Turns);
