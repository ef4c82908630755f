using FaultMatrix.Build.Model;

namespace FaultMatrix.Build.CommandLine;

/// <summary>
/// NUKE's grammar. Words before the first dash-word are targets; a dash-word is a parameter and takes all words up to the next one.
/// Two additions that change none of it: <c>--name=value</c>, whose value may begin with a dash, and <c>--</c>, after which every
/// word is a target. <c>Mark</c> takes the words after it as its text.
/// </summary>
internal static class CommandLineParser
{
    public static ParsedCommandLine Parse(IReadOnlyList<string> words)
    {
        var targets = new List<string>();
        var arguments = new List<Argument>();
        List<string>? values = null;
        for (var i = 0; i < words.Count; i++)
        {
            var word = words[i];
            if (word == "--")
            {
                targets.AddRange(words.Skip(i + 1));
                break;
            }

            if (IsParameter(word))
            {
                var equals = word.IndexOf('=', StringComparison.Ordinal);
                values = equals < 0 ? [] : [word[(equals + 1)..]];
                arguments.Add(new Argument(equals < 0 ? word : word[..equals], values));
            }
            else
            {
                (values ?? targets).Add(word);
            }
        }

        // The one target that takes words: ./build.sh Mark "the cable is out".
        if (targets.Count > 1 && Names.Key(targets[0]) == Names.Key("Mark"))
        {
            arguments.Add(new Argument("--text", [string.Join(' ', targets.Skip(1))]));
            targets = [targets[0]];
        }

        return new ParsedCommandLine(SplitPlus(targets), arguments);
    }

    /// <summary>Splits <c>A+B</c>; a plus beside further words is an error, as in NUKE.</summary>
    public static IReadOnlyList<string> SplitPlus(IReadOnlyList<string> targets)
    {
        if (!targets.Any(t => t.Contains('+', StringComparison.Ordinal)))
        {
            return targets;
        }

        return targets.Count == 1
            ? targets[0].Split('+', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            : throw new FrontException("FT0105", 
                $"Targets are joined by '+' in one word or given as several words, not both: '{string.Join(' ', targets)}'.");
    }

    // A lone dash and a negative number's dash are dash-words too: that is NUKE's rule, and `--seed=-1` is the way around it.
    private static bool IsParameter(string word) => word.StartsWith('-') && word.Trim('-').Length > 0;
}
