using System.Text;

namespace FaultTolerance.Artefacts.ClientLogs;

/// <summary>Keeps each of the few texts that a log repeats (URLs, pods, error messages) once.</summary>
internal sealed class StringPool
{
    // Hostile logs with a new text a line must not grow without bound.
    private const int MaxTexts = 100_000;
    private const int MaxLength = 1024;
    private readonly byte[] _lastBytes = new byte[MaxLength];
    private int _lastLength = -1;
    private string _last = "";
    private readonly Dictionary<string, string> _texts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    public StringPool() => _lookup = _texts.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The text of JSON-unescaped UTF-8 bytes; invalid sequences become U+FFFD.</summary>
    public string Get(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty)
        {
            return "";
        }

        if (utf8.Length > MaxLength)
        {
            return Encoding.UTF8.GetString(utf8);
        }

        // The next line mostly says the same.
        if (utf8.SequenceEqual(_lastBytes.AsSpan(0, Math.Max(0, _lastLength))))
        {
            return _last;
        }

        _last = Find(utf8);
        utf8.CopyTo(_lastBytes);
        _lastLength = utf8.Length;
        return _last;
    }

    private string Find(ReadOnlySpan<byte> utf8)
    {
        Span<char> chars = stackalloc char[MaxLength];
        var text = chars[..Encoding.UTF8.GetChars(utf8, chars)];
        if (_lookup.TryGetValue(text, out var known))
        {
            return known;
        }

        var made = text.ToString();
        if (_texts.Count < MaxTexts)
        {
            _texts[made] = made;
        }

        return made;
    }
}
