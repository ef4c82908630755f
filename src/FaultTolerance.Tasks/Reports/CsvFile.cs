using System.Globalization;
using CsvHelper;

namespace FaultTolerance.Reports;

/// <summary>The one form of our CSV files: UTF-8, commas, line feeds, invariant numbers.</summary>
internal static class CsvFile
{
    // A text that begins like a formula must not become one in a spreadsheet.
    private static readonly CsvWriterOptions Options =
        new() { NewLine = "\n", Injection = CsvInjection.Escape, FormatProvider = CultureInfo.InvariantCulture };

    /// <summary>Writes a file, whole or not at all.</summary>
    public static void Write(string path, IReadOnlyList<string> headers, Action<CsvWriter> rows) => AtomicFile.Write(path, stream =>
    {
        using var csv = CsvWriter.Create(stream, Options, leaveOpen: true);
        foreach (var header in headers)
        {
            csv.WriteField(header);
        }

        csv.EndRecord();
        rows(csv);
    });

    /// <summary>A field as the file holds it: quoted where it must be, and no formula.</summary>
    public static byte[] Field(string? text)
    {
        using var bytes = new MemoryStream();
        using (var csv = CsvWriter.Create(bytes, Options, leaveOpen: true))
        {
            // A second one: a field alone in its row has rules of its own.
            csv.WriteField(text);
            csv.WriteField("");
            csv.EndRecord();
        }

        return bytes.GetBuffer().AsSpan(0, (int)bytes.Length - ",\n".Length).ToArray();
    }

    /// <summary>A number in full, as the shortest text that reads back as the same; empty for null and not-a-number.</summary>
    public static void WriteNumber(this CsvWriter csv, double? value)
    {
        if (value is { } number && double.IsFinite(number))
        {
            csv.WriteField(number, "R");
        }
        else
        {
            csv.WriteField("");
        }
    }

    /// <summary>An instant of UTC ticks with seven digits; empty for 0.</summary>
    public static string Instant(long ticks) =>
        ticks == 0 ? "" : new DateTime(ticks, DateTimeKind.Utc).ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);
}
