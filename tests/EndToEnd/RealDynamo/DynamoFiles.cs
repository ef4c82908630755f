namespace EndToEnd.RealDynamo;

/// <summary>The files of the rows, from <c>files/</c>, with this machine's paths in them.</summary>
internal static class DynamoFiles
{
    /// <summary>The name that the model is asked for by.</summary>
    public const string Model = "tiny";

    /// <summary>Writes all into a folder.</summary>
    /// <returns>The scenarios file.</returns>
    public static string Write(TempFolder folder)
    {
        // Answers of 16 tokens take about 0.02 s and 0.2 s.
        folder.Write("fast.yaml", Text("graph.yaml", ("SPEED", "10"), ("DISCOVERY", "kubernetes"), ("FILES", "")));
        folder.Write("slow.yaml", Text("graph.yaml", ("SPEED", "1"), ("DISCOVERY", "kubernetes"), ("FILES", "")));
        folder.Write("files.yaml", Text("graph.yaml", ("SPEED", "10"), ("DISCOVERY", "file"), ("FILES", folder["kv"])));
        folder.Write("engine.yaml", Text("engine.yaml", ("ENGINE", folder.Write("engine.py", Text("engine.py")))));
        folder.Write("nginx.yaml", Text("nginx.yaml", ("SPEED", "10"), ("CONFIGURATION", folder["nginx.conf"])));
        folder.Write("nginx.conf", Text("nginx.conf"));
        return folder.Write("scenarios.json", Text("scenarios.json"));
    }

    /// <summary>Makes the folder that is nginx's image.</summary>
    public static string NginxImage(TempFolder folder)
    {
        var bin = Directory.CreateDirectory(folder["nginx-image/bin"]).FullName;
        File.CreateSymbolicLink(Path.Combine(bin, "nginx"), DynamoParts.Nginx!);
        return folder["nginx-image"];
    }

    private static string Text(string file, params (string Name, string Value)[] values)
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "tests", "EndToEnd", "RealDynamo", "files", file));
        return values.Append(("MODEL", DynamoParts.Model!)).Aggregate(
            text, (all, pair) => all.Replace($"@{pair.Item1}@", pair.Item2, StringComparison.Ordinal));
    }
}
