using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;

namespace FaultTolerance;

/// <summary>
/// The one masker: finds what looks like a secret in names and texts, and puts <see cref="Mask"/> in its place. Everything that is written
/// to an artefact, a message or a report goes through it, except what pods and servers wrote themselves (their logs, metrics and answers).
/// </summary>
internal static partial class SecretText
{
    /// <summary>What stands in a secret's place.</summary>
    public const string Mask = "***";

    private const int MostRounds = 4;
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

    // What one form hides may stand in the value of another: as often as it takes until nothing changes.
    private static string HideForms(string text)
    {
        var (hidden, before) = (text, "");
        for (var round = 0; round < MostRounds && hidden != before; round++)
        {
            before = hidden;
            hidden = PrivateKey().Replace(hidden, Mask);
            hidden = Known().Replace(hidden, Mask);
            hidden = Header().Replace(hidden, $"${{name}}{Mask}");
            hidden = Bearer().Replace(hidden, $"${{word}} {Mask}");
            hidden = Address().Replace(hidden, $"${{user}}{Mask}@");
            hidden = User().Replace(hidden, $"${{user}}{Mask}");
            hidden = HideNamed(hidden, QuotedName(), QuotedValue());
            hidden = HideNamed(hidden, OptionName(), OptionValue());
            hidden = HideNamed(hidden, BareName(), BareValue());
        }

        return hidden;
    }

    private static string HideNamed(string text, Regex names, Regex values)
    {
        StringBuilder? hidden = null;
        var (kept, at) = (0, 0);
        for (var name = names.Match(text); name.Success; name = names.Match(text, at))
        {
            at = name.Index + name.Length;
            if (IsTelling(name.Groups["name"].Value) && values.Match(text, at) is { Success: true } value && IsSecret(name, value))
            {
                var secret = value.Groups["value"];
                hidden = (hidden ?? new StringBuilder(text.Length)).Append(text, kept, secret.Index - kept).Append(Mask);
                kept = at = secret.Index + secret.Length;
            }
        }

        return hidden is null ? text : hidden.Append(text, kept, text.Length - kept).ToString();
    }

    // "KeyError: 'choices'", "the key: is not a text" and "keycloak:24.0" name no secret.
    private static bool IsSecret(Match form, Match value)
    {
        var (name, sign) = (form.Groups["name"].Value, form.Groups["sign"].Value);
        var secret = value.Groups["value"].Value;
        var isProse =
            sign.AsSpan().TrimStart().StartsWith(":")
            && (
                name.EndsWith("Error", StringComparison.Ordinal)
                || name.EndsWith("Exception", StringComparison.Ordinal)
                || value.Groups["prose"].Success
                || (sign == ":" && form.Groups["bare"].Success && Tag().IsMatch(secret))
            );
        return !isProse && !SecretName.IsPlain(name, secret.Trim('"', '\''));
    }
}
