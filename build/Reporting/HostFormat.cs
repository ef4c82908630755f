using System.Text;
using FaultMatrix.Build.Model;

namespace FaultMatrix.Build.Reporting;

/// <summary>What a host wants instead of plain text: blocks that fold, and errors and warnings that it lists by itself.</summary>
internal class HostFormat
{
    /// <summary>The line that opens a block, or null if the host has none.</summary>
    public virtual string? Open(string title) => null;

    /// <summary>The line that closes a block, or null.</summary>
    public virtual string? Close(string title) => null;

    /// <summary>The line that makes the host list an error or a warning, or null.</summary>
    public virtual string? Report(bool isError, FrontError error) => null;

    /// <summary>Lines for the end of a run: what the host is to keep.</summary>
    public virtual IEnumerable<string> Artifacts(string? summaryFile, string? resultsFolder) => [];

    /// <param name="host">One of <see cref="HostNames"/>.</param>
    /// <param name="time">For hosts that stamp their blocks.</param>
    public static HostFormat Of(string host, TimeProvider time) => host switch
    {
        HostNames.GitHub => new GitHubFormat(),
        HostNames.Azure => new AzureFormat(),
        HostNames.TeamCity => new TeamCityFormat(),
        HostNames.GitLab => new GitLabFormat(time),
        _ => new HostFormat(),
    };

    private sealed class GitHubFormat : HostFormat
    {
        public override string Open(string title) => $"::group::{Data(ForeignText.Line(title))}";

        public override string Close(string title) => "::endgroup::";

        public override string Report(bool isError, FrontError error)
        {
            var properties = new List<string>();
            if (error.File is not null)
            {
                properties.Add("file=" + Property(ForeignText.Line(error.File)));
                if (error.Line > 0)
                {
                    properties.Add("line=" + error.Line);
                }
            }

            properties.Add("title=" + Property(error.Code));
            return $"::{(isError ? "error" : "warning")} {string.Join(',', properties)}::{Data(ForeignText.Line(error.Message))}";
        }

        private static string Data(string s) => s.Replace("%", "%25").Replace("\r", "%0D").Replace("\n", "%0A");

        private static string Property(string s) => Data(s).Replace(":", "%3A").Replace(",", "%2C");
    }

    private sealed class AzureFormat : HostFormat
    {
        public override string Open(string title) => $"##[group]{ForeignText.Line(title)}";

        public override string Close(string title) => "##[endgroup]";

        public override string Report(bool isError, FrontError error)
        {
            var properties = new StringBuilder($"type={(isError ? "error" : "warning")};code={Property(error.Code)};");
            if (error.File is not null)
            {
                properties.Append($"sourcepath={Property(ForeignText.Line(error.File))};");
                if (error.Line > 0)
                {
                    properties.Append($"linenumber={error.Line};");
                }
            }

            return $"##vso[task.logissue {properties}]{Data(ForeignText.Line(error.Message))}";
        }

        public override IEnumerable<string> Artifacts(string? summaryFile, string? resultsFolder)
        {
            // A path is to be taken as it is; one that holds a command is not named at all.
            if (summaryFile is not null && ForeignText.Line(summaryFile) == summaryFile)
            {
                yield return $"##vso[task.uploadsummary]{summaryFile}";
            }

            if (resultsFolder is not null && ForeignText.Line(resultsFolder) == resultsFolder)
            {
                yield return $"##vso[artifact.upload containerfolder=results;"
                    + $"artifactname=results-{Property(Path.GetFileName(resultsFolder))};]{resultsFolder}";
            }
        }

        private static string Data(string s) => s.Replace("\r", "%0D").Replace("\n", "%0A");

        private static string Property(string s) => Data(s).Replace("]", "%5D").Replace(";", "%3B");
    }

    private sealed class TeamCityFormat : HostFormat
    {
        public override string Open(string title) => $"##teamcity[blockOpened name='{Value(ForeignText.Line(title))}']";

        public override string Close(string title) => $"##teamcity[blockClosed name='{Value(ForeignText.Line(title))}']";

        public override string Report(bool isError, FrontError error) =>
            $"##teamcity[message text='{Value(ForeignText.Line($"{error.Code}: {error.Message}"))}' status='{(isError ? "ERROR" : "WARNING")}']";

        private static string Value(string s)
        {
            var text = new StringBuilder();
            foreach (var c in s)
            {
                _ = c switch
                {
                    '|' or '\'' or '[' or ']' => text.Append('|').Append(c),
                    '\n' => text.Append("|n"),
                    '\r' => text.Append("|r"),
                    > '\u007f' => text.Append("|0x").Append(((int)c).ToString("x4", null)),
                    _ => text.Append(c),
                };
            }

            return text.ToString();
        }
    }

    private sealed class GitLabFormat(TimeProvider time) : HostFormat
    {
        public override string Open(string title) =>
            $"\u001b[0Ksection_start:{time.GetUtcNow().ToUnixTimeSeconds()}:{Id(title)}[collapsed=true]\r"
            + $"\u001b[0K{ForeignText.Line(title)}";

        public override string Close(string title) => $"\u001b[0Ksection_end:{time.GetUtcNow().ToUnixTimeSeconds()}:{Id(title)}\r\u001b[0K";

        private static string Id(string title) => string.Concat(title
            .Select(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' ? c : '_'));
    }
}
