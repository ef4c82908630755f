using System.Buffers;
using System.Text.RegularExpressions;

namespace FaultTolerance;

/// <summary>
/// The one masker: finds what looks like a secret in names and texts, and puts <see cref="Mask"/> in its place. Everything that is written
/// to an artefact, a message or a report goes through it, except what pods and servers wrote themselves (their logs, metrics and answers).
/// </summary>
public static partial class SecretText
{
    /// <summary>What stands in a secret's place.</summary>
    public const string Mask = "***";

    private static readonly SearchValues<char> Harmless = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789.");

    /// <summary>Whether a name tells of a secret.</summary>
    public static bool IsTelling(string? name) => SecretName.IsTelling(name);

    /// <summary>A value, masked where its name tells of a secret or where it looks like one by itself.</summary>
    public static string Value(string name, string value)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(value);
        return IsTelling(name) && !SecretName.IsPlain(name, value) ? Mask : Hide(value);
    }

    /// <summary>
    /// A text with what looks like a secret masked: keys and tokens of known forms, passwords in addresses and connection strings, and what
    /// follows an option, a variable, a header or a JSON key whose name tells of a secret. Masking again changes nothing.
    /// </summary>
    public static string Hide(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return "";
        }

        if (text.AsSpan().IndexOfAnyExcept(Harmless) < 0)
        {
            return text;
        }

        try
        {
            return HideForms(text);
        }
        catch (RegexMatchTimeoutException)
        {
            // What cannot be looked through in time is not shown.
            return Mask;
        }
    }

    /// <summary>Masks in place the words of a command line: also a word that follows an option whose name tells of a secret.</summary>
    public static void HideWords(IList<string> words)
    {
        ArgumentNullException.ThrowIfNull(words);
        var option = "";
        for (var i = 0; i < words.Count; i++)
        {
            var word = words[i];
            var follows = option.Length > 0 && !word.StartsWith('-');
            words[i] = follows && option is "-u" or "--user" && word.Contains(':', StringComparison.Ordinal) ? Login(word)
                : follows ? Value(option, word)
                : Word(word);
            option = word.StartsWith('-') && !word.AsSpan().ContainsAny('=', ' ') ? word : "";
        }
    }

    // A word has no end before its own: what a password holds of commas and blanks is of the password.
    private static string Word(string word) =>
        Assignment().Match(word) is { Success: true } match
        && IsTelling(match.Groups["name"].Value)
        && !SecretName.IsPlain(match.Groups["name"].Value, word[match.Length..])
            ? $"{match.Value}{Mask}"
            : Hide(word);

    private static string Login(string word) => $"{word[..(word.IndexOf(':', StringComparison.Ordinal) + 1)]}{Mask}";

    private static string HideForms(string text)
    {
        text = PrivateKey().Replace(text, Mask);
        text = Known().Replace(text, Mask);
        text = Header().Replace(text, $"${{name}}{Mask}");
        text = Bearer().Replace(text, $"${{word}} {Mask}");
        text = Address().Replace(text, $"${{user}}{Mask}@");
        text = User().Replace(text, $"${{user}}{Mask}");
        text = Quoted().Replace(text, Named);
        text = Option().Replace(text, Named);
        return Assigned().Replace(text, Named);
    }

    private static string Named(Match match)
    {
        var (name, value) = (match.Groups["name"].Value, match.Groups["value"].Value);
        return IsTelling(name) && !SecretName.IsPlain(name, value.Trim('"', '\'')) && !IsProse(match, name, value)
            ? $"{match.Value[..(match.Groups["value"].Index - match.Index)]}{Mask}{match.Groups["end"].Value}"
            : match.Value;
    }

    // "KeyError: 'choices'", "the key: is not a text" and "keycloak:24.0" name no secret.
    private static bool IsProse(Match match, string name, string value) =>
        match.Groups["sign"].Value is var sign
        && sign.StartsWith(':')
        && (
            name.EndsWith("Error", StringComparison.Ordinal)
            || name.EndsWith("Exception", StringComparison.Ordinal)
            || (match.Groups["bare"].Success && (sign == ":" ? Tag().IsMatch(value) : match.Groups["prose"].Success))
        );
}
