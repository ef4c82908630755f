namespace FaultTolerance.Scenarios.Reading;

/// <summary>Reads a deployment that is a service at an address.</summary>
internal static class UrlSection
{
    private static readonly string[] OfGraphs = ["manifest", "graph", "replicas", "tensorParallel", "image", "args", "env", "roles"];

    /// <summary>Reads it; what is wrong is reported, and something is returned all the same.</summary>
    /// <param name="name">The deployment's name.</param>
    /// <param name="item">Its object, which has a <c>url</c>.</param>
    /// <param name="folder">What paths are relative to.</param>
    /// <param name="options">What is given beside the file.</param>
    public static Deployment Read(string name, ObjectReader item, string folder, ScenarioOptions options)
    {
        ArgumentNullException.ThrowIfNull(item);
        ArgumentNullException.ThrowIfNull(options);
        foreach (var key in OfGraphs.Where(item.Has))
        {
            item.Fault(ScenarioCodes.BadValue, key, $"'{key}' is of graphs, and this deployment is an address; remove it", 0);
        }

        string? why = null;
        var target = item.Text("url", required: true) is { } text ? UrlTarget.Parse(text, out why) : null;
        if (why is not null)
        {
            item.Fault(ScenarioCodes.BadValue, "url", why, 0);
        }

        string? File(string key) => item.Text(key) is { } path ? Path.GetFullPath(path, folder) : null;
        var deployment = new Deployment
        {
            Name = name,
            Manifest = "",
            Model = options.Model ?? item.Text("model"),
            Url = (target ?? new UrlTarget("http://localhost")) with
            {
                Http2 = item.Choice("http", required: false, "1.1", "2") == "2",
                CaFile = File("caFile"),
                ApiKeyFile = File("apiKeyFile"),
                HeadersFile = File("headersFile"),
            },
        };
        item.Has("model");
        return deployment;
    }
}
