namespace FaultTolerance.Results.Continuity;

/// <summary>What a reader of a row must know before the comparison of its streams is trusted.</summary>
internal static class ContinuityNotes
{
    /// <summary>The sentences; none where all is well.</summary>
    public static IEnumerable<string> Of(StreamContinuity? found)
    {
        if (found is null)
        {
            yield break;
        }

        if (!found.IsRepeatable)
        {
            yield return $"continuity is unknown: {found.ControlsDiffering} of {found.Controls} answers before the fault differ from the first "
                + "to the same prompt";
        }

        if (found.Count(StreamFate.NotCompared) is > 0 and var missing)
        {
            yield return $"continuity: {missing} of {found.Streams.Length} streams could not be compared, since their prompts had no whole "
                + "answer before the fault, or the text was too long to be kept";
        }

        if (found.ByCharacters is > 0 and var characters)
        {
            yield return $"continuity: of {characters} streams with another text the tokens cannot be told apart; their differences are counted "
                + "in characters";
        }
    }
}
