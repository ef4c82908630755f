using FaultMatrix.Build.Model;

namespace FaultMatrix.Build.Commands.Cluster;

/// <summary>Folders of this machine that are images on the local cluster: <c>--local-image NAME=DIR</c>.</summary>
internal static class LocalImages
{
    /// <summary>The parameter's name.</summary>
    public const string Parameter = "LocalImage";

    /// <summary>Each image as <c>NAME=DIR</c>, the folder's path absolute.</summary>
    /// <exception cref="FrontException">FT0103: one is not of that form, or its folder is not there.</exception>
    public static IReadOnlyList<string> Of(Invocation invocation) =>
        [.. invocation.Parameters.Items(Parameter).Select(image => Checked(image, invocation.Root))];

    /// <summary>Refuses images, and the stand-in's Grove, for a cluster that runs already: it was started with its own.</summary>
    /// <param name="invocation">What is asked for.</param>
    /// <param name="cluster">The cluster, in words.</param>
    /// <param name="grove">Whether Grove is refused too; not where it is to be installed.</param>
    /// <exception cref="FrontException">FT0119: one of them is given, and the cluster is not one that is started now.</exception>
    public static void RefuseFor(Invocation invocation, string cluster, bool grove = true)
    {
        if (invocation.Parameters.Items(Parameter).Count > 0)
        {
            throw new FrontException(
                "FT0119",
                $"--local-image is for a local cluster that is started now, and {cluster} is used; give it to ./build.sh ClusterUp, or push the image to the cluster's registry."
            );
        }

        if (invocation.Parameters.Flag("PodNetworks"))
        {
            throw new FrontException(
                "FT0119", $"--pod-networks is for a local cluster that is started now, and {cluster} is used; give it to ./build.sh ClusterUp.");
        }

        if (grove && invocation.Parameters.Flag("Grove"))
        {
            throw new FrontException(
                "FT0119",
                $"--grove is for a local cluster that is started now, and {cluster} is used; give it to ./build.sh ClusterUp or ./build.sh InstallStandIn."
            );
        }
    }

    private static string Checked(string image, string root)
    {
        var at = image.IndexOf('=', StringComparison.Ordinal);
        if (at <= 0 || at == image.Length - 1)
        {
            throw new FrontException("FT0103", $"--local-image takes NAME=DIR, not '{image}'.");
        }

        var folder = Path.GetFullPath(image[(at + 1)..], root);
        return Directory.Exists(folder)
            ? $"{image[..at]}={folder}"
            : throw new FrontException("FT0103", $"--local-image {image[..at]}: there is no folder '{folder}'.");
    }
}
