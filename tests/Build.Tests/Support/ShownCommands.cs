using System.Text.RegularExpressions;

namespace FaultMatrix.Build.Tests.Support;

/// <summary>The commands that the documents show: in indented blocks, and in running text between backquotes.</summary>
internal static partial class ShownCommands
{
    private static readonly string[] Guides = ["README.md", "docs/command-line.md", "docs/step-by-step.md", "docs/local-cluster.md"];

    /// <summary>
    /// Calls of build.sh in the blocks of README and of the pages that show how to call it, in order, without their comments.
    /// </summary>
    public static IReadOnlyList<string> InBlocks { get; } =
    [.. Guides.SelectMany(Read).SelectMany(l => Block().Matches(l)).Select(m => m.Groups["command"].Value.Trim())];

    /// <summary>The words after <c>./build.sh</c> of every call in any document.</summary>
    public static IReadOnlyList<string> Words { get; } =
    [
        .. new[] { "README.md", "ARCHITECTURE.md", "src/FaultTolerance.Tasks/README.md" }
            .Concat(
                Directory
                    .EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md")
                    .Select(f => Path.GetRelativePath(Repository.Root, f))
            )
            .SelectMany(Read)
            .SelectMany(l => Block().Matches(l).Concat(Inline().Matches(l)))
            .Select(m => WordsOf(m.Groups["command"].Value))
            .Distinct(StringComparer.Ordinal),
    ];

    /// <summary>Lines of these pages that call MSBuild.</summary>
    public static IReadOnlyList<string> Msbuild { get; } =
    [.. Guides.SelectMany(Read).Select(l => l.Trim()).Where(l => l.StartsWith("dotnet msbuild", StringComparison.Ordinal))];

    /// <summary>What stands after the script's name.</summary>
    public static string WordsOf(string command) =>
        command[(command.IndexOf("./build.sh", StringComparison.Ordinal) + "./build.sh".Length)..].Trim();

    /// <summary>Splits words as the shell does; FILE, NAMESPACE, DIR, A and B are what a reader fills in.</summary>
    public static async Task<IReadOnlyList<string>> SplitAsync(string words, string kubeconfig, string home)
    {
        var filled = Placeholder()
            .Replace(words, m => m.Value switch
                {
                    "FILE" => kubeconfig,
                    "NAMESPACE" => "fault-matrix",
                    "VENV" => home,
                    var file when file.StartsWith("scenarios-", StringComparison.Ordinal) => Path.Combine(Repository.Root, file),
                    var other => other,
                });
        var (_, output) = await StartedProgram.RunAsync(
            ["bash", "-c", $"set -- {filled}\n[ $# -eq 0 ] || printf '%s\\n' \"$@\""], "/",
            new Dictionary<string, string>(StringComparer.Ordinal) { ["HOME"] = home, ["KUBECONFIG_FILE"] = kubeconfig });
        return output.Split('\n')[..^1];
    }

    private static string[] Read(string file) => File.ReadAllLines(Path.Combine(Repository.Root, file));

    [GeneratedRegex(
        @"^    (?<command>(exec )?\./build\.sh[^#)]*)|^    (?!.*`)\S.*?(?<command>\./build\.sh[^#)]*)",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Block();

    [GeneratedRegex(@"`(?<command>\./build\.sh[^`]*)`", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Inline();

    [GeneratedRegex(@"\b(FILE|NAMESPACE|VENV|scenarios-[\w-]+\.json)\b", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Placeholder();
}
