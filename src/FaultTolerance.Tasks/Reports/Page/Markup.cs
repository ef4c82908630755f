using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;

namespace FaultTolerance.Reports.Page;

/// <summary>HTML or SVG text. What is put into an interpolated string that becomes markup is escaped, unless it is markup itself.</summary>
/// <param name="value">The text, already escaped.</param>
internal readonly struct Markup(string value)
{
    public static Markup Empty { get; } = new("");

    public string Value => value ?? "";

    public bool IsEmpty => Value.Length == 0;

    /// <summary>Markup out of an interpolated string.</summary>
    public static Markup Of(MarkupHandler text) => new(text.ToString());

    public static Markup Join(IEnumerable<Markup> parts, string between = "") =>
        new(string.Join(between, parts.Select(part => part.Value)));

    public override string ToString() => Value;
}

/// <summary>Builds <see cref="Markup"/>: texts are escaped, numbers are invariant with one decimal at most, as coordinates need.</summary>
[InterpolatedStringHandler]
internal readonly ref struct MarkupHandler(int literalLength, int formattedCount)
{
    private readonly StringBuilder _text = new(literalLength + (formattedCount * 8));

    public void AppendLiteral(string literal) => _text.Append(literal);

    public void AppendFormatted(Markup markup) => _text.Append(markup.Value);

    public void AppendFormatted(string? text) => _text.Append(WebUtility.HtmlEncode(ForeignText.Visible(text)));

    public void AppendFormatted(long number) => _text.Append(number.ToString(CultureInfo.InvariantCulture));

    public void AppendFormatted(double number) => _text.Append(Coordinate(number));

    public static string Coordinate(double number) => number.ToString("0.#", CultureInfo.InvariantCulture);

    public override string ToString() => _text.ToString();
}
