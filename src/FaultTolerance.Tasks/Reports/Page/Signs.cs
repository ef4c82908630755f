using FaultTolerance.Results.Checks;

namespace FaultTolerance.Reports.Page;

/// <summary>The verdict as a shape beside a word, so that no colour is needed to read it.</summary>
internal static class Signs
{
    /// <summary>The name of its class in the style sheet.</summary>
    public static string Key(CheckOutcome outcome) =>
        outcome switch
        {
            CheckOutcome.Pass => "pass",
            CheckOutcome.Fail => "fail",
            _ => "unknown",
        };

    /// <summary>A sign that is told apart without its colour.</summary>
    public static string Shape(CheckOutcome outcome) => outcome switch { CheckOutcome.Pass => "✔", CheckOutcome.Fail => "✘", _ => "?" };

    /// <summary>The outcome in a word.</summary>
    public static string Word(CheckOutcome outcome) =>
        outcome switch
        {
            CheckOutcome.Pass => "pass",
            CheckOutcome.Fail => "fail",
            _ => "unknown",
        };

    /// <summary>Sign and word; nothing where nothing was asked.</summary>
    public static Markup Draw(CheckOutcome? outcome) => outcome is not { } known
        ? Markup.Empty
        : Markup.Of($"""<span class="sign {Key(known)}" role="img" aria-label="{Word(known)}">{Shape(known)}</span>""");
}
