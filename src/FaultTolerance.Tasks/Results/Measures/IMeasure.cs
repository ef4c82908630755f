using FaultTolerance.Results.Recovery;

namespace FaultTolerance.Results.Measures;

/// <summary>
/// One number of a row with its names and its words. Tables, CSV, JSON, <c>--columns</c>, the schema of checks and the documents all take
/// them from here, so that a new measure is one class and one line in <see cref="MeasureCatalog"/>.
/// </summary>
internal interface IMeasure
{
    /// <summary>Name in CSV, JSON and scenarios.json, <c>first_success</c>.</summary>
    string Id { get; }

    /// <summary>Header in a table; a line break makes two lines.</summary>
    string Header { get; }

    /// <summary>Name on the page, <c>First success</c>.</summary>
    string Title { get; }

    /// <summary>What it is counted in.</summary>
    MeasureUnit Unit { get; }

    /// <summary>What it is, in a clause without a full stop.</summary>
    string Legend { get; }

    /// <summary>The row's value; null where the row has none.</summary>
    Measured? Of(ScenarioResult row);
}

/// <summary>What a measure is counted in.</summary>
internal enum MeasureUnit
{
    /// <summary>Seconds.</summary>
    Seconds,

    /// <summary>Requests, or attempts at them.</summary>
    Requests,

    /// <summary>Tokens of output.</summary>
    Tokens,

    /// <summary>How often something happened.</summary>
    Times,

    /// <summary>A share, 0 to 1.</summary>
    Share,

    /// <summary>So many a second.</summary>
    PerSecond,
}

/// <summary>The forms of a measure's name.</summary>
internal static class MeasureNames
{
    /// <summary>On the command line: <c>first-success</c>.</summary>
    public static string Column(this IMeasure measure) => Id(measure).Replace('_', '-');

    /// <summary>In CSV: <c>first_success_seconds</c>, and without a unit for counts and shares.</summary>
    public static string Csv(this IMeasure measure) => Id(measure) + (measure.Unit == MeasureUnit.Seconds ? "_seconds" : "");

    /// <summary>As a key of a JSON object that holds numbers alone: <c>successBefore</c>.</summary>
    public static string Json(this IMeasure measure)
    {
        var words = Id(measure).Split('_');
        return words[0] + string.Concat(words.Skip(1).Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
    }

    private static string Id(IMeasure measure)
    {
        ArgumentNullException.ThrowIfNull(measure);
        return measure.Id;
    }
}
