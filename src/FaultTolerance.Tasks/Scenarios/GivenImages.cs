using System.Collections.Immutable;

namespace FaultTolerance.Scenarios;

/// <summary>What <c>--image</c> gives: an image for every service, and images of single containers as <c>CONTAINER=IMAGE</c>.</summary>
/// <param name="Image">For every service; null keeps the manifests'.</param>
/// <param name="ByContainer">By a container's name.</param>
internal sealed record GivenImages(string? Image, ImmutableSortedDictionary<string, string> ByContainer)
{
    /// <summary>Reads them, between semicolons. An image's own name has no <c>=</c>.</summary>
    public static GivenImages Of(string? text)
    {
        string? all = null;
        var containers = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var item in (text ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (item.IndexOf('=', StringComparison.Ordinal) is > 0 and var at)
            {
                containers[item[..at]] = item[(at + 1)..];
            }
            else
            {
                all = item;
            }
        }

        return new GivenImages(all, containers.ToImmutable());
    }
}
