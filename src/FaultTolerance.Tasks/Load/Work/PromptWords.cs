using FaultTolerance.Artefacts.ClientLogs;

namespace FaultTolerance.Load.Work;

/// <summary>Prompts of digits with a space between two: each is a word, which is about a token.</summary>
internal static class PromptWords
{
    /// <summary>Appends words.</summary>
    /// <param name="to">Where they go.</param>
    /// <param name="count">How many.</param>
    /// <param name="state">What they depend on.</param>
    public static void Append(ByteBuffer to, int count, ulong state)
    {
        ArgumentNullException.ThrowIfNull(to);
        if (count <= 0)
        {
            return;
        }

        var words = to.GetSpan(2 * count)[..((2 * count) - 1)];
        words.Fill((byte)' ');
        Fill(words, state);
        to.Advance(words.Length);
    }

    /// <summary>Writes each second byte; those between are spaces already.</summary>
    public static void Fill(Span<byte> words, ulong state)
    {
        var at = 0;
        while (at < words.Length)
        {
            // Fifteen digits from one draw: each multiplication takes the next digit out of the fraction's high end.
            var fraction = SeededDraws.Mix(state += 0x9E3779B97F4A7C15);
            for (var i = 0; i < 15 && at < words.Length; i++, at += 2)
            {
                var digit = Math.BigMul(fraction, 10, out fraction);
                words[at] = (byte)('0' + digit);
            }
        }
    }
}
