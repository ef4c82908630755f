using System.Diagnostics.CodeAnalysis;

namespace FaultTolerance.Load.Classification;

/// <summary>What a service says of an error, as far as a log line needs it.</summary>
internal static class ErrorText
{
    private const int Most = 500;

    /// <summary>The beginning: services put whole pages into their errors.</summary>
    [return: NotNullIfNotNull(nameof(text))]
    public static string? Shorten(string? text) => text is { Length: > Most } ? text[..Most] : text;
}
