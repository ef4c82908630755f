namespace FaultMatrix.Build.Model;

/// <summary>One thing that is wrong, as the user reads it: what, where, and what to do.</summary>
/// <param name="Code">Error code, see ARCHITECTURE.md.</param>
/// <param name="Message">One line.</param>
/// <param name="File">The file that it is about, if any.</param>
/// <param name="Line">The line in that file, from 1; 0 if not known.</param>
internal sealed record FrontError(string Code, string Message, string? File = null, int Line = 0)
{
    /// <summary>The same with the file as hosts link it: by its path from the root of the sources.</summary>
    public FrontError RelativeTo(string root) =>
        File is { } file && Path.IsPathFullyQualified(file) ? this with { File = Path.GetRelativePath(root, file).Replace('\\', '/') }
            : this;
}

/// <summary>Errors that end the command before it did anything, all of them at once.</summary>
internal sealed class FrontException : Exception
{
    public FrontException(params IReadOnlyList<FrontError> errors)
        : base(string.Join(Environment.NewLine, errors.Select(e => $"{e.Code}: {e.Message}"))) => Errors = errors;

    public FrontException(string code, string message)
        : this(new FrontError(code, message))
    {
    }

    public IReadOnlyList<FrontError> Errors { get; }

    /// <summary>The exit code of the first error's kind.</summary>
    public int ExitCode => ExitCodes.Of(Errors[0].Code);
}
