using System.Collections.Immutable;
using FaultTolerance.Artefacts;

namespace FaultTolerance.Results.Continuity;

/// <summary>
/// What a prompt is answered without a fault. Several answers with the same text show more of where its tokens end than one, since an
/// event may hold several tokens.
/// </summary>
internal sealed class ReferenceText(string text)
{
    private readonly SortedSet<int> _ends = [];
    private int? _counted;
    private HashSet<string>? _vocabulary;
    private int _longest;

    /// <summary>The answer.</summary>
    public string Text { get; } = text;

    /// <summary>Its tokens; null where they cannot be told apart: the service's count is another one, or there is none.</summary>
    public ImmutableArray<string>? Tokens { get; private set; }

    /// <summary>Takes another answer with the same text in.</summary>
    /// <param name="same">The answer.</param>
    /// <param name="counted">Its tokens by the service's count; null without one.</param>
    public void Add(StreamText same, int? counted)
    {
        ArgumentNullException.ThrowIfNull(same);
        _counted ??= counted;
        var end = 0;
        foreach (var piece in same.Pieces)
        {
            _ends.Add(end += piece.Length);
        }
    }

    /// <summary>All answers are in: finds the tokens.</summary>
    public void Settle()
    {
        _ends.Remove(0);
        if (_ends.Count == 0 || _ends.Count != _counted)
        {
            return;
        }

        Tokens = [.. _ends.Prepend(0).Zip(_ends, (from, until) => Text[from..until])];
        _vocabulary = [.. Tokens];
        _longest = Tokens.Value.Max(token => token.Length);
    }

    /// <summary>
    /// The tokens of another answer to the prompt: its events, where there are as many as the service counted; else what its events are
    /// made of, where there is one way alone to make them of this answer's tokens. Null: they cannot be told apart.
    /// </summary>
    public string[]? TokensOf(StreamText other, int? counted)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (Tokens is null || counted is null)
        {
            return null;
        }

        if (other.Pieces.Length == counted)
        {
            return [.. other.Pieces];
        }

        var tokens = new List<string>();
        foreach (var piece in other.Pieces)
        {
            if (!Split(piece, tokens))
            {
                return null;
            }
        }

        return tokens.Count == counted ? [.. tokens] : null;
    }

    // Counts, for each place of the piece, the ways to come there; the last token of the only way is kept.
    private bool Split(string piece, List<string> tokens)
    {
        var ways = new int[piece.Length + 1];
        var from = new int[piece.Length + 1];
        ways[0] = 1;
        for (var end = 1; end <= piece.Length; end++)
        {
            for (var start = Math.Max(0, end - _longest); start < end; start++)
            {
                if (ways[start] > 0 && _vocabulary!.Contains(piece[start..end]))
                {
                    // Two or more are too many, however many.
                    (ways[end], from[end]) = (Math.Min(2, ways[end] + ways[start]), start);
                }
            }
        }

        if (ways[^1] != 1)
        {
            return false;
        }

        var place = tokens.Count;
        for (var end = piece.Length; end > 0; end = from[end])
        {
            tokens.Insert(place, piece[from[end]..end]);
        }

        return true;
    }
}
