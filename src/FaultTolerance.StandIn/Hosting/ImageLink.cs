namespace FaultTolerance.StandIn.Hosting;

/// <summary>Finds this program under another of its names.</summary>
internal static class ImageLink
{
    /// <summary>
    /// The link's path: in <c>bin</c> beside the program's folder, as in an image; in <c>image/bin</c> of a build's output; else on PATH.
    /// Throws <see cref="UsageException"/> where there is none.
    /// </summary>
    public static string Find(string name)
    {
        var places = new List<string>
        {
            Path.Combine(AppContext.BaseDirectory, "..", "bin"),
            Path.Combine(AppContext.BaseDirectory, "image", "bin"),
        };
        places.AddRange((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries));
        return places.Select(place => Path.GetFullPath(Path.Combine(place, name))).FirstOrDefault(File.Exists)
            ?? throw new UsageException(
                $"no link {name} to this program beside it or on PATH; build the project, which makes the image folder"
            );
    }
}
