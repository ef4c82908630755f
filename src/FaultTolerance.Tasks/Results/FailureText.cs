using System.Collections.Immutable;
using System.Globalization;
using FaultTolerance.Artefacts;

namespace FaultTolerance.Results;

/// <summary>
/// What failed requests met, and how many met the same: states of a service that are told by one outcome differ in their words.
/// </summary>
/// <param name="Outcome">What became of them.</param>
/// <param name="Status">HTTP status; 0 where there was none.</param>
/// <param name="Said">What the service said, or what broke; empty where the log does not tell.</param>
/// <param name="Count">Requests.</param>
internal sealed record FailureText(Outcome Outcome, int Status, string Said, long Count)
{
    // Texts with ports and ids in them are as many as requests.
    private const int Most = 12;

    /// <summary>The requests that did not succeed, by the last attempt, the most frequent first; a dozen at most.</summary>
    internal static ImmutableArray<FailureText> Of(IEnumerable<AttemptCollection> clients)
    {
        var counts = new Dictionary<(Outcome, int, string), long>();
        foreach (var chunk in clients.SelectMany(client => client.Chunks()))
        {
            foreach (ref readonly var attempt in chunk.Span)
            {
                if (attempt is { IsLast: true, Outcome: not Outcome.Ok })
                {
                    var key = (attempt.Outcome, attempt.Status, attempt.Error ?? "");
                    counts[key] = counts.GetValueOrDefault(key) + 1;
                }
            }
        }

        return
        [
            .. counts
                .GroupBy(
                    pair => (pair.Key.Item1, pair.Key.Item2, Said: SecretText.Hide(ForeignText.Line(pair.Key.Item3))),
                    pair => pair.Value
                )
                .Select(same => new FailureText(same.Key.Item1, same.Key.Item2, same.Key.Said, same.Sum()))
                .OrderByDescending(text => text.Count).ThenBy(text => text.Outcome).ThenBy(text => text.Status)
                .ThenBy(text => text.Said, StringComparer.Ordinal).Take(Most),
        ];
    }

    /// <inheritdoc/>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Count} {Outcome}{(Said.Length > 0 ? $" ({Said})" : Status > 0 ? $" (HTTP {Status})" : "")}");
}
