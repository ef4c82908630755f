namespace FaultMatrix.Build.Model;

/// <summary>The hosts that NUKE knows, and how each is found by one environment variable.</summary>
internal static class HostNames
{
    public const string Terminal = "Terminal";
    public const string GitHub = "GitHubActions";
    public const string Azure = "AzurePipelines";
    public const string TeamCity = "TeamCity";
    public const string GitLab = "GitLab";

    private static readonly (string Variable, string Host)[] Servers =
    [
        ("GITHUB_ACTIONS", GitHub), ("TF_BUILD", Azure), ("TEAMCITY_VERSION", TeamCity), ("APPVEYOR", "AppVeyor"),
        ("GITLAB_CI", GitLab), ("JENKINS_HOME", "Jenkins"), ("bamboo_planKey", "Bamboo"), ("BITBUCKET_PIPELINE_UUID", "Bitbucket"),
        ("BITRISE_BUILD_URL", "Bitrise"), ("JB_SPACE_PROJECT_KEY", "SpaceAutomation"), ("TRAVIS", "TravisCI"),
    ];

    public static IReadOnlyList<string> All { get; } =
        [.. Servers.Select(s => s.Host).Append("Rider").Append(Terminal).Append("VisualStudio").Append("VSCode")
            .Order(StringComparer.Ordinal)];

    /// <summary>The host that the environment tells of.</summary>
    public static string Detect(IReadOnlyDictionary<string, string> environment) =>
        Array.Find(Servers, s => environment.ContainsKey(s.Variable)).Host
        ?? (environment.ContainsKey("VSCODE_PID") || environment.GetValueOrDefault("TERM_PROGRAM") == "vscode" ? "VSCode" : Terminal);

    /// <summary>Whether the host is a build server: no live display, no files of our own logs.</summary>
    public static bool IsServer(string host) => Array.Exists(Servers, s => s.Host == host);
}
