namespace FaultTolerance.Artefacts.ClientLogs;

/// <summary>What one request asks, where a load's requests do not all ask the same.</summary>
/// <param name="OutputTokens">Output tokens asked for.</param>
internal readonly record struct AskedWork(int OutputTokens)
{
    /// <summary>Words of its prompt, approximate tokens; 0 where nobody counted them.</summary>
    public int Words { get; init; }

    /// <summary>The line of the prompts' or the trace's file, from 1; 0 for none.</summary>
    public int Line { get; init; }

    /// <summary>The number of the prefix that it shares with others, from 1; 0 for none.</summary>
    public int Prefix { get; init; }

    /// <summary>The number of its session within the client, from 1; 0 for none.</summary>
    public long Session { get; init; }

    /// <summary>The turn within the session, from 1; 0 for none.</summary>
    public int Turn { get; init; }

    /// <summary>Appends it as the value of <c>asked</c>.</summary>
    public void WriteTo(ByteBuffer to)
    {
        ArgumentNullException.ThrowIfNull(to);
        to.Append("{\"outputTokens\": "u8);
        to.Append(OutputTokens);
        Key(to, ", \"words\": "u8, Words);
        Key(to, ", \"line\": "u8, Line);
        Key(to, ", \"prefix\": "u8, Prefix);
        Key(to, ", \"session\": "u8, Session);
        Key(to, ", \"turn\": "u8, Turn);
        to.Append((byte)'}');
    }

    private static void Key(ByteBuffer to, ReadOnlySpan<byte> key, long value)
    {
        if (value > 0)
        {
            to.Append(key);
            to.Append(value);
        }
    }
}
