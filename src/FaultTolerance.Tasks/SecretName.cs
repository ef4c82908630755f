using System.Text.RegularExpressions;

namespace FaultTolerance;

/// <summary>Tells by a name (of a variable, an option, a header, an annotation) whether its value is a secret.</summary>
internal static partial class SecretName
{
    /// <summary>
    /// Whether a name tells of a secret: it holds SECRET, KEY, TOKEN, PASS, PWD, JWT, COOKIE, CREDENTIAL, AUTH or SIGNATURE anywhere, or
    /// PAT or SIG as a word of its own.
    /// </summary>
    public static bool IsTelling(string? name) => !string.IsNullOrEmpty(name) && Telling().IsMatch(name);

    /// <summary>
    /// Whether a value under a telling name says nothing: it is empty, true or false, the word before a token, or a figure. Under a name
    /// that tells of a password, figures are passwords.
    /// </summary>
    public static bool IsPlain(string name, string value) =>
        value.Length == 0
        || value == SecretText.Mask
        || bool.TryParse(value, out _)
        || value.Equals("Bearer", StringComparison.OrdinalIgnoreCase)
        || value.Equals("Basic", StringComparison.OrdinalIgnoreCase)
        || (Figure().IsMatch(value) && !Strict().IsMatch(name));

    // Tokenizers are no tokens, and paths no personal access tokens.
    [GeneratedRegex(
        @"secret|key|token(?!iz)|pass(?!thro)|pwd|jwt|cookie|credential|auth|signature|(?<![a-z])(pat|sig)(?![a-z])|(?-i:(?<=[a-z0-9])Pat(?![a-z]))",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Telling();

    [GeneratedRegex(
        @"secret|passw|passphrase|passcode|(?<![a-z])pass(?![a-z])|pwd|cookie|credential|(?<![a-z])pat(?![a-z])",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Strict();

    // Counts, shares and durations; a key of nothing but digits is longer.
    [GeneratedRegex(@"^[+-]?[0-9]{1,12}(\.[0-9]{1,9})?(%|[A-Za-z]{1,2})?$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Figure();
}
