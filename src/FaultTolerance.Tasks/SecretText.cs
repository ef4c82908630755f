using System.Globalization;
using System.Text.RegularExpressions;

namespace FaultTolerance;

/// <summary>Finds what looks like a secret in names and texts, and masks it. Numbers and truths are never secrets.</summary>
internal static partial class SecretText
{
    /// <summary>What stands in a secret's place.</summary>
    public const string Mask = "***";

    /// <summary>
    /// Whether a name (of a variable, an option, a header, an annotation) tells of a secret: it holds SECRET, KEY, TOKEN, PASS, PWD, JWT,
    /// COOKIE, CREDENTIAL or AUTH anywhere, or PAT as a word of its own.
    /// </summary>
    public static bool IsTelling(string? name) => !string.IsNullOrEmpty(name) && Telling().IsMatch(name);

    /// <summary>A value, masked where its name tells of a secret or where it looks like one by itself.</summary>
    public static string Value(string name, string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return IsTelling(name) && !IsPlain(value) ? Mask : Hide(value);
    }

    /// <summary>
    /// A text with what looks like a secret masked: keys and tokens of known forms, passwords in addresses and connection strings, and what
    /// follows an option or a variable whose name tells of a secret.
    /// </summary>
    public static string Hide(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return "";
        }

        var hidden = Known().Replace(text, Mask);
        hidden = Bearer().Replace(hidden, $"${{word}} {Mask}");
        hidden = Address().Replace(hidden, $"${{user}}{Mask}@");
        return Assigned().Replace(hidden, match => IsTelling(match.Groups["name"].Value) && !IsPlain(match.Groups["value"].Value)
            ? $"{match.Groups["name"].Value}{match.Groups["sign"].Value}{Mask}"
            : match.Value);
    }

    /// <summary>Masks in place the words of a command line: also a word that follows an option whose name tells of a secret.</summary>
    public static void HideWords(IList<string> words)
    {
        ArgumentNullException.ThrowIfNull(words);
        for (var i = 0; i < words.Count; i++)
        {
            var follows =
                i > 0 && words[i - 1].StartsWith('-') && !words[i - 1].AsSpan().ContainsAny('=', ' ') && !words[i].StartsWith('-');
            words[i] = follows ? Value(words[i - 1], words[i]) : Hide(words[i]);
        }
    }

    private static bool IsPlain(string value) => value.Length == 0 || value == Mask || bool.TryParse(value, out _)
        || double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out _);

    // Tokenizers are no tokens, and paths no personal access tokens.
    [GeneratedRegex(
        @"secret|key|token(?!iz)|pass(?!thro)|pwd|jwt|cookie|credential|auth|(?<![a-z])pat(?![a-z])",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant,
        1000
    )]
    private static partial Regex Telling();

    [GeneratedRegex(
        @"\b(sk-[A-Za-z0-9_-]{8,}|hf_[A-Za-z0-9]{8,}|gh[pousr]_[A-Za-z0-9]{8,}|github_pat_\w{8,}|glpat-[\w-]{8,}|nvapi-[\w-]{8,}|xox[abprs]-[\w-]{8,}|AKIA[A-Z0-9]{12,}|eyJ[\w-]{6,}\.[\w-]{6,}(\.[\w-]*)?)",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Known();

    [GeneratedRegex(
        @"\b(?<word>Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{6,}",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Bearer();

    [GeneratedRegex(
        @"(?<user>[a-z][a-z0-9+.-]*://[^\s:/@]*:)[^\s/@]+@",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Address();

    // A name with "=" or ":" and its value, or an option and the word after it. A bare word and its neighbour are prose.
    [GeneratedRegex(
        @"(?<name>\b[A-Za-z][\w.-]*)(?<sign>=|:\s?(?=[^\s/]))(?<value>""[^""]*""|'[^']*'|[^\s;,&""']+)|(?<name>--?[A-Za-z][\w-]*)(?<sign>[ =])(?<value>[^\s-][^\s;,&]*)",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Assigned();
}
