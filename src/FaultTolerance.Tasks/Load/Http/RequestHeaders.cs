using System.Collections.Immutable;
using System.Text;
using FaultTolerance.Artefacts.ClientLogs;

namespace FaultTolerance.Load.Http;

/// <summary>
/// Header lines that go with every request to a service. Their values may be secrets: nothing shows them, and <see cref="Hide(string)"/>
/// takes them out of what a service says.
/// </summary>
internal sealed class RequestHeaders
{
    // A shorter value is no secret, and would be found in every text.
    private const int ShortestSecret = 6;
    private readonly ImmutableArray<(string Text, byte[] Bytes)> _secrets;

    private RequestHeaders(byte[] lines, ImmutableArray<(string Text, byte[] Bytes)> secrets) => (Lines, _secrets) = (lines, secrets);

    /// <summary>No headers.</summary>
    public static RequestHeaders None { get; } = new([], []);

    /// <summary>The lines, each with its end.</summary>
    public ReadOnlyMemory<byte> Lines { get; }

    /// <summary>Makes the lines.</summary>
    /// <param name="headers">Names and values, of ASCII and without line breaks.</param>
    public static RequestHeaders Of(IReadOnlyCollection<(string Name, string Value)> headers)
    {
        ArgumentNullException.ThrowIfNull(headers);
        return headers.Count == 0
            ? None
            : new(
                Encoding.ASCII.GetBytes(string.Concat(headers.Select(header => $"{header.Name}: {header.Value}\r\n"))),
                [
                    .. headers.SelectMany(header => header.Value.Split(' ').Append(header.Value)).Distinct(StringComparer.Ordinal)
                        .Where(value => value.Length >= ShortestSecret).OrderByDescending(value => value.Length)
                        .Select(value => (value, Encoding.ASCII.GetBytes(value))),
                ]);
    }

    /// <summary>A text with every header's value masked.</summary>
    public string Hide(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        foreach (var (secret, _) in _secrets)
        {
            text = text.Replace(secret, SecretText.Mask, StringComparison.Ordinal);
        }

        return text;
    }

    /// <summary>Masks every header's value in a body, in place; the body keeps its length.</summary>
    public void Hide(ByteBuffer body)
    {
        ArgumentNullException.ThrowIfNull(body);
        foreach (var (_, secret) in _secrets)
        {
            var bytes = body.Writable;
            for (var at = bytes.IndexOf(secret); at >= 0; at = bytes.IndexOf(secret))
            {
                bytes.Slice(at, secret.Length).Fill((byte)'*');
                bytes = bytes[(at + secret.Length)..];
            }
        }
    }

    /// <summary>
    /// The same for a JSON list of texts that belong together: where a value lies in them, however it is split, the list is emptied.
    /// </summary>
    public void HidePieces(ByteBuffer list)
    {
        ArgumentNullException.ThrowIfNull(list);
        if (list.Length == 0 || _secrets.IsEmpty)
        {
            return;
        }

        var joined = Encoding.UTF8.GetString(list.Written).Replace("\", \"", "", StringComparison.Ordinal);
        if (_secrets.Any(secret => joined.Contains(secret.Text, StringComparison.Ordinal)))
        {
            list.Clear();
        }
    }

    /// <inheritdoc/>
    public override string ToString() => "headers";
}
