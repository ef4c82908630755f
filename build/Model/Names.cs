using System.Text;

namespace FaultMatrix.Build.Model;

/// <summary>How names of targets and parameters are compared and shown: NUKE's rules.</summary>
internal static class Names
{
    // Words that NUKE keeps whole when it splits camel humps.
    private static readonly string[] Whole =
        ["DotNet", "GitHub", "GitVersion", "MSBuild", "NuGet", "ReSharper", "AppVeyor", "TeamCity", "GitLab", "SignPath", "JetBrains"];

    /// <summary>The form that names are compared in: no dashes, lower case.</summary>
    public static string Key(string name) =>
        name.Replace("-", "", StringComparison.Ordinal).ToLowerInvariant();

    /// <summary>The form that names of environment variables are compared in: letters and digits only, lower case.</summary>
    public static string EnvironmentKey(string name) =>
        string.Concat(name.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();

    /// <summary>The form that is shown: <c>ReadyTimeout</c> as <c>ready-timeout</c>.</summary>
    public static string Dashed(string name) => string.Join('-', Humps(name)).ToLowerInvariant();

    /// <summary>The form that completion offers for targets: <c>FaultMatrix</c> as <c>Fault-Matrix</c>.</summary>
    public static string DashedTarget(string name) => string.Join('-', Humps(name));

    private static List<string> Humps(string name)
    {
        var humps = new List<string>();
        var current = new StringBuilder();
        for (var i = 0; i < name.Length;)
        {
            var whole = Array.Find(Whole, w => name.AsSpan(i).StartsWith(w, StringComparison.Ordinal));
            if (current.Length > 0 && (whole is not null || (char.IsUpper(name[i]) && !char.IsUpper(name[i - 1]))))
            {
                humps.Add(current.ToString());
                current.Clear();
            }

            if (whole is not null)
            {
                humps.Add(whole);
                i += whole.Length;
            }
            else
            {
                current.Append(name[i++]);
            }
        }

        if (current.Length > 0)
        {
            humps.Add(current.ToString());
        }

        return humps;
    }
}
