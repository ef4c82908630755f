using System.Globalization;
using FaultTolerance.Scenarios;
using FaultTolerance.Scenarios.Reading;

namespace FaultTolerance.Results.Checks;

/// <summary>
/// A check as a whole: how it is written, what it says, and how it judges. It is registered in <see cref="CheckCatalog"/>.
/// </summary>
internal interface ICheck : ICheckSyntax
{
    /// <summary>Whether it asks for nothing where there was no fault.</summary>
    bool NeedsFault => false;

    /// <summary>What has to be gathered for it.</summary>
    CheckNeed Needs => CheckNeed.Nothing;

    /// <summary>When it cannot know, in a clause.</summary>
    string UnknownWhen => "the artefacts do not tell";

    /// <summary>
    /// Whether it judges rows that are invalid too. An unhealthy generator is what makes a row invalid: its check must not hide behind its
    /// own effect.
    /// </summary>
    bool JudgesInvalidRows => false;

    /// <summary>Whether all that the check needs to judge is there: checks.json may have been edited by hand.</summary>
    bool IsWhole(CheckSpec check);

    /// <summary>What is asked, in words.</summary>
    string Asked(CheckSpec check);

    /// <summary>What a row that can be trusted comes to.</summary>
    Finding Judge(ScenarioResult row, CheckSpec check);
}

/// <summary>What a check came to, on what evidence, in which file.</summary>
/// <param name="Outcome">What it came to.</param>
/// <param name="Evidence">The measured value, or why there is none.</param>
/// <param name="Artefact">The file's full path; null where it is all of the row's artefacts.</param>
internal readonly record struct Finding(CheckOutcome Outcome, string Evidence, string? Artefact = null)
{
    /// <summary>It cannot be told whether the check holds.</summary>
    public static Finding Unknown(string why) => new(CheckOutcome.Unknown, why);

    /// <summary>The check holds, or does not.</summary>
    public static Finding Of(bool holds, string evidence, string? artefact = null) =>
        new(holds ? CheckOutcome.Pass : CheckOutcome.Fail, evidence, artefact);

    /// <summary>A number as checks say it: four decimals at most.</summary>
    public static string Number(double? value) => (value ?? double.NaN).ToString("0.####", CultureInfo.InvariantCulture);
}
