namespace FaultTolerance;

/// <summary>
/// A failure that a user can act on: a code that documentation and CI annotations link to, and one message that says what was
/// wrong, where, and what to do. Shown without a stack trace.
/// </summary>
/// <param name="code">The code, <c>FT0201</c>; the ranges stand in ARCHITECTURE.md.</param>
/// <param name="message">What was wrong, where, and what to do.</param>
/// <param name="inner">What caused it, if anything did.</param>
/// <remarks>The message is made one line without control characters and without secrets, whoever wrote the parts of it.</remarks>
internal class FaultMatrixException(string code, string message, Exception? inner = null)
    : Exception(SecretText.Hide(ForeignText.Line(message)), inner)
{
    /// <summary>The code, <c>FT0201</c>.</summary>
    public string Code { get; } = code;

    /// <summary>The file the message is about, or null.</summary>
    public string? File { get; init; }

    /// <summary>The line in <see cref="File"/>, from 1; 0 when unknown.</summary>
    public int Line { get; init; }
}
