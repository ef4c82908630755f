namespace FaultTolerance;

/// <summary>How much a <see cref="Diagnostic"/> matters.</summary>
internal enum Severity
{
    /// <summary>Something assumed or left out that a reader should know.</summary>
    Note,

    /// <summary>A part could not be used; the result is partial.</summary>
    Warning,

    /// <summary>The input or a result is wrong.</summary>
    Error,
}

/// <summary>One finding about an input file or a result, for a person and for CI annotations.</summary>
/// <param name="Code">The code, <c>FT0203</c>.</param>
/// <param name="Severity">How much it matters.</param>
/// <param name="Message">What is wrong and what to do.</param>
internal sealed record Diagnostic(string Code, Severity Severity, string Message)
{
    /// <summary>What is wrong and what to do: one line without control characters and secrets, whoever wrote the parts of it.</summary>
    public string Message { get; init => field = Clean(value); } = Clean(Message);

    /// <summary>The file it is about, or null.</summary>
    public string? File { get; init; }

    /// <summary>The line, from 1; 0 when unknown.</summary>
    public int Line { get; init; }

    /// <summary>Where in a JSON document, <c>$.loads.quick.clients</c>, or null.</summary>
    public string? Path { get; init; }

    /// <summary>The form MSBuild and editors recognise: <c>file(line): error FT0203: message [path]</c>.</summary>
    public override string ToString()
    {
        var where = File is null ? "" : Line > 0 ? $"{File}({Line}): " : $"{File}: ";
        var level = Severity switch { Severity.Error => "error", Severity.Warning => "warning", _ => "note" };
        return Path is null ? $"{where}{level} {Code}: {Message}" : $"{where}{level} {Code}: {Message} [{Path}]";
    }

    private static string Clean(string text) => SecretText.Hide(ForeignText.Line(text));
}
