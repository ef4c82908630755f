using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;

namespace FaultTolerance.Reports.Page;

/// <summary>HTML or SVG text. What is put into an interpolated string that becomes markup is escaped, unless it is markup itself.</summary>
/// <param name="value">The text, already escaped.</param>
internal readonly struct Markup(string value)
{
    /// <summary>No markup.</summary>
    public static Markup Empty { get; } = new("");

    /// <summary>The text.</summary>
    public string Value => value ?? "";

    /// <summary>Whether there is none.</summary>
    public bool IsEmpty => Value.Length == 0;

    /// <summary>Markup out of an interpolated string.</summary>
    public static Markup Of(MarkupHandler text) => new(text.ToString());

    /// <summary>Parts one after the other.</summary>
    public static Markup Join(IEnumerable<Markup> parts, string between = "") =>
        new(string.Join(between, parts.Select(part => part.Value)));

    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>Builds <see cref="Markup"/>: texts are escaped, numbers are invariant with one decimal at most, as coordinates need.</summary>
[InterpolatedStringHandler]
internal readonly ref struct MarkupHandler(int literalLength, int formattedCount)
{
    private readonly StringBuilder _text = new(literalLength + (formattedCount * 8));

    /// <summary>Takes the markup between the holes as it stands.</summary>
    public void AppendLiteral(string literal) => _text.Append(literal);

    /// <summary>Takes a hole's value; a text's special characters become entities.</summary>
    public void AppendFormatted(Markup markup) => _text.Append(markup.Value);

    /// <summary>Takes a hole's value; a text's special characters become entities.</summary>
    public void AppendFormatted(string? text) => _text.Append(WebUtility.HtmlEncode(ForeignText.Visible(text)));

    /// <summary>Takes a hole's value; a text's special characters become entities.</summary>
    public void AppendFormatted(long number) => _text.Append(number.ToString(CultureInfo.InvariantCulture));

    /// <summary>Takes a hole's value; a text's special characters become entities.</summary>
    public void AppendFormatted(double number) => _text.Append(Coordinate(number));

    /// <summary>A number as drawings write it, with one digit after the point at most.</summary>
    public static string Coordinate(double number) => number.ToString("0.#", CultureInfo.InvariantCulture);

    public override string ToString() => _text.ToString();
}
