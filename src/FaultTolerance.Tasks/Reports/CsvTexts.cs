using System.Collections.Concurrent;

namespace FaultTolerance.Reports;

/// <summary>Texts as <see cref="CsvFile"/> writes them. A million rows say the same few: each is looked through once.</summary>
internal sealed class CsvTexts
{
    private static readonly byte[] Nothing = CsvFile.Field(null);
    private readonly ConcurrentDictionary<string, byte[]> _plain = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, byte[]> _foreign = new(StringComparer.Ordinal);

    /// <summary>A text as it is.</summary>
    public byte[] Of(string? text) => text is null ? Nothing : _plain.GetOrAdd(text, static some => CsvFile.Field(some));

    /// <summary>A text of others, in one line and without secrets; nothing for null.</summary>
    public byte[] Said(string? text) => string.IsNullOrEmpty(text)
        ? Of("") : _foreign.GetOrAdd(text, static some => CsvFile.Field(SecretText.Hide(ForeignText.Line(some))));
}
