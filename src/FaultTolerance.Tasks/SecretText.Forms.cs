using System.Text.RegularExpressions;

namespace FaultTolerance;

/// <content>The forms in which secrets stand in texts. Every repetition has a bound, so that no text takes long.</content>
internal static partial class SecretText
{
    private const RegexOptions Plain = RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;
    private const RegexOptions AnyCase = Plain | RegexOptions.IgnoreCase;

    [GeneratedRegex(@"-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[\s\S]{0,20000}?(-----END [A-Z ]{0,30}PRIVATE KEY-----|$)", Plain, 1000)]
    private static partial Regex PrivateKey();

    [GeneratedRegex(
        @"(?<![A-Za-z0-9])(sk-[A-Za-z0-9_-]{8,}|hf_[A-Za-z0-9]{8,}|gh[pousr]_[A-Za-z0-9]{8,}|github_pat_\w{8,}|glpat-[\w-]{8,}|nvapi-[\w-]{8,}|xox[abprs]-[\w-]{8,}|A(KIA|SIA)[A-Z0-9]{12,}|AIza[\w-]{30,}|eyJ[\w-]{6,}\.[\w-]{6,}(\.[\w-]*)?)",
        Plain,
        1000
    )]
    private static partial Regex Known();

    // What these headers hold goes to the end of the line, or of the quotes around it.
    [GeneratedRegex(
        @"(?<name>(?<![\w-])((proxy-)?authorization|(set-)?cookie)\\?[""']?\s{0,3}[:=]\s{0,3}\\?[""']?(?>((Bearer|Basic)\s{1,3})?))(?!\*\*\*)[^\s""'\\\r\n][^""'\\\r\n]*",
        AnyCase,
        1000
    )]
    private static partial Regex Header();

    [GeneratedRegex(
        @"(?<![\w-])(?<word>Bearer|Basic)\s{1,3}(?!\*\*\*)(?-i:(?=\S{0,100}[0-9A-Z=_/+]|\S{16})[A-Za-z0-9._~+/=-]{6,})",
        AnyCase,
        1000
    )]
    private static partial Regex Bearer();

    // The last @ before the path ends the password, which may hold others.
    [GeneratedRegex(@"(?<![a-z0-9+.-])(?<user>[a-z][a-z0-9+.-]{0,30}://[^\s:/@""']{0,200}:)[^\s/""']{1,500}@", AnyCase, 1000)]
    private static partial Regex Address();

    // curl -u name:password
    [GeneratedRegex(@"(?<![\w-])(?<user>(-u|--user)[ =][""']?[^\s:""']{1,200}:)(?!\*\*\*|[0-9]+(\s|$))[^\s""'/][^\s""']*", Plain, 1000)]
    private static partial Regex User();

    // "password": "x", also inside a text that is JSON itself, and Python's 'password': 'x'.
    [GeneratedRegex(@"\\?[""'](?<name>[A-Za-z_][\w.-]{0,99})\\?[""'](?<sign>\s{0,3}[:=]\s{0,3})", Plain, 1000)]
    private static partial Regex QuotedName();

    [GeneratedRegex(
        @"\G(\\""(?<value>[^""]{1,20000}?)\\""|""(?<value>([^""\\]|\\.){1,20000})""|'(?<value>([^'\\]|\\.){1,20000})'|(?<value>[^\s,;}\]\[{""'\\]{1,20000}))",
        Plain,
        1000
    )]
    private static partial Regex QuotedValue();

    // --api-key x, --api-key=x
    [GeneratedRegex(@"(?<![\w-])--?(?<name>[A-Za-z][\w.-]{0,99})(?<sign>=|\s{1,3})", Plain, 1000)]
    private static partial Regex OptionName();

    [GeneratedRegex(@"\G(?<value>""[^""]{0,20000}""|'[^']{0,20000}'|[^\s""'-][^\s""']{0,20000})", Plain, 1000)]
    private static partial Regex OptionValue();

    // NAME=x, name: x
    [GeneratedRegex(@"(?<![\w.-])(?<bare>)(?<name>[A-Za-z_][\w.-]{0,99})(?<sign>\s?=\s?(?!=)|:\s{0,2}(?=[^\s/]))", Plain, 1000)]
    private static partial Regex BareName();

    [GeneratedRegex(
        @"\G((?=[a-z']{1,20}[,.;:]?\s[a-z(])(?<prose>)|)(?<value>""[^""]{0,20000}""|'[^']{0,20000}'|[^\s;,&""'\\]{1,20000})",
        Plain,
        1000
    )]
    private static partial Regex BareValue();

    // A whole word of a command line: --name=, NAME=
    [GeneratedRegex(@"^(--?)?(?<name>[A-Za-z_][\w.-]{0,99})=(?=\S+$)", Plain, 1000)]
    private static partial Regex Assignment();

    // A port, a tag, a digest, a word: what follows a name in an address or an image.
    [GeneratedRegex(@"^([^0-9]*|v?[0-9][\w.+-]{0,30}|sha256:.*|.{1,7})$", Plain, 1000)]
    private static partial Regex Tag();
}
