using System.Collections;

namespace FaultTolerance.Artefacts;

/// <summary>Attempts in a list that grows by whole chunks: no doubling, no copy, for a million and more.</summary>
internal sealed class AttemptCollection : IReadOnlyCollection<Attempt>
{
    private const int ChunkSize = 4096;
    private readonly List<Attempt[]> _chunks = [];

    /// <inheritdoc/>
    public int Count { get; private set; }

    /// <summary>Gaps between the tokens of its attempts.</summary>
    public GapStore Gaps { get; } = new();

    /// <summary>Texts of streams that were recorded piece by piece.</summary>
    public List<StreamText> Texts { get; } = [];

    /// <summary>The text of an attempt; null where its log has none.</summary>
    public StreamText? TextOf(in Attempt attempt) => attempt.Text == 0 ? null : Texts[attempt.Text - 1];

    /// <summary>Appends a value.</summary>
    public void Add(in Attempt value) => Next() = value;

    /// <summary>Appends an empty value, to be set in its place.</summary>
    public ref Attempt Next()
    {
        var place = Count % ChunkSize;
        if (place == 0)
        {
            // Short logs are the rule; a first chunk grows to its full size by doubling.
            _chunks.Add(new Attempt[_chunks.Count == 0 ? 64 : ChunkSize]);
        }
        else if (_chunks.Count == 1 && place == _chunks[0].Length)
        {
            var larger = _chunks[0];
            Array.Resize(ref larger, place * 2);
            _chunks[0] = larger;
        }

        Count++;
        return ref _chunks[^1][place];
    }

    /// <summary>Whether an attempt has this outcome.</summary>
    internal bool Any(Outcome outcome)
    {
        foreach (var chunk in Chunks())
        {
            foreach (ref readonly var attempt in chunk.Span)
            {
                if (attempt.Outcome == outcome)
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>Gives each attempt the outcome that a later look at the whole scenario finds.</summary>
    internal void Rename(Func<Attempt, Outcome> outcome)
    {
        for (var i = 0; i < Count; i++)
        {
            ref var attempt = ref _chunks[i / ChunkSize][i % ChunkSize];
            attempt = attempt with { Outcome = outcome(attempt) };
        }
    }

    /// <summary>The values without a copy of each.</summary>
    public IEnumerable<ReadOnlyMemory<Attempt>> Chunks()
    {
        for (var i = 0; i < _chunks.Count; i++)
        {
            yield return _chunks[i].AsMemory(0, Math.Min(ChunkSize, Count - (i * ChunkSize)));
        }
    }

    /// <inheritdoc/>
    public IEnumerator<Attempt> GetEnumerator()
    {
        for (var i = 0; i < Count; i++)
        {
            yield return _chunks[i / ChunkSize][i % ChunkSize];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
