using System.Globalization;

namespace FaultTolerance.Scenarios;

/// <summary>
/// Names of a row's trials: the row's own name for the first, <c>agg-tp-1-dp-1-frontend.2</c> for the second. Deployments and failures
/// have no dot in their names, so the number is never part of one; and a trial is told by its name alone wherever a scenario is.
/// </summary>
internal static class TrialName
{
    /// <summary>The most trials of a row that can be asked for.</summary>
    public const int Most = 100;

    /// <summary>The name of a row's trial.</summary>
    /// <param name="row">The row, <c>agg-tp-1-dp-1-frontend</c>.</param>
    /// <param name="trial">From 1.</param>
    public static string Of(string row, int trial)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(trial, 1);
        return trial == 1 ? row : string.Create(CultureInfo.InvariantCulture, $"{row}.{trial}");
    }

    /// <summary>
    /// The row and the trial's number; a name without one, or with one that <see cref="Of"/> does not write, is a first trial.
    /// </summary>
    public static (string Row, int Trial) Split(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var dot = name.LastIndexOf('.');
        return
            dot > 0
            && dot < name.Length - 1
            && name[dot + 1] is not '0'
            && int.TryParse(name.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var trial)
            && trial is > 1 and <= Most
            ? (name[..dot], trial)
            : (name, 1);
    }
}
