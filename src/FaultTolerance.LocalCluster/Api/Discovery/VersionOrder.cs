using System.Globalization;
using System.Text.RegularExpressions;

namespace FaultTolerance.LocalCluster.Api.Discovery;

/// <summary>
/// Kubernetes' order of a group's versions, whatever their order in the definition: v2, v1, v1beta1, v1alpha1, and then other names by
/// their
/// letters. The first is the one that kubectl asks for.
/// </summary>
internal sealed partial class VersionOrder : IComparer<string>
{
    private VersionOrder()
    {
    }

    /// <summary>The order.</summary>
    public static VersionOrder Preferred { get; } = new();

    /// <summary>Below 0 where the first version is preferred to the second.</summary>
    public int Compare(string? x, string? y)
    {
        var ((stageX, majorX, minorX), (stageY, majorY, minorY)) = (Parts(x ?? ""), Parts(y ?? ""));
        return stageX != stageY || stageX == 0 ? stageX != stageY ? stageY - stageX : string.CompareOrdinal(x, y)
            : majorX != majorY ? majorY.CompareTo(majorX) : minorY.CompareTo(minorX);
    }

    // 3 for a version that is general, 2 beta, 1 alpha, 0 for a name of another form.
    private static (int Stage, long Major, long Minor) Parts(string version)
    {
        var match = Form().Match(version);
        static long Number(Group group) => long.TryParse(group.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var n)
            ? n : 0;
        return !match.Success ? (0, 0, 0)
            : (match.Groups["stage"].Value switch { "" => 3, "beta" => 2, _ => 1 }, Number(match.Groups["major"]),
                Number(match.Groups["minor"]));
    }

    [GeneratedRegex("^v(?<major>[1-9][0-9]*)((?<stage>alpha|beta)(?<minor>[1-9][0-9]*))?$",
        RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Form();
}
