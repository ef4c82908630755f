using System.Globalization;

namespace EndToEnd;

/// <summary>What tests at random moments are driven by: a seed that is printed, and how often.</summary>
internal static class Chance
{
    /// <summary>The seed: FAULTMATRIX_SEED, else always the same.</summary>
    public static int Seed { get; } = Number("FAULTMATRIX_SEED", 20261);

    /// <summary>How many kills: FAULTMATRIX_KILLS, else few, so that CI stays cheap.</summary>
    public static int Kills { get; } = Number("FAULTMATRIX_KILLS", 3);

    private static int Number(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.Integer, CultureInfo.InvariantCulture, out var number)
            ? number
            : otherwise;
}
