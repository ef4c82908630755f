using System.Text;

namespace FaultTolerance.Reference;

/// <summary>docs/troubleshooting.md: every code with its meaning and its cure.</summary>
internal static class TroubleshootingPage
{
    private static readonly (string Prefix, string Title)[] Groups =
    [
        ("FT01", "The command line"),
        ("FT02", "scenarios.json and manifests"),
        ("FT03", "The cluster"),
        ("FT04", "Deploying and removing"),
        ("FT05", "The load"),
        ("FT06", "Faults"),
        ("FT07", "Artefacts and the results folder"),
        ("FT08", "Parsing, comparing, judging"),
        ("FT09", "Mistakes of this tool"),
        ("FT3", "The local cluster's own program"),
    ];

    /// <summary>The page.</summary>
    public static string Text()
    {
        var text = new StringBuilder("""
            # Error messages

            Written by `./build.sh Reference`. A message names what was wrong, where, and what to do. Its code has one meaning:

            """);
        foreach (var (prefix, title) in Groups)
        {
            text.Append($"\n## {title}\n\n| code | meaning | what to do |\n| --- | --- | --- |\n");
            foreach (var code in ErrorCodes.All.Where(code => code.Code.StartsWith(prefix, StringComparison.Ordinal)))
            {
                text.Append($"| {code.Code} | {code.Meaning} | {code.Cure} |\n");
            }
        }

        return text.ToString();
    }
}
