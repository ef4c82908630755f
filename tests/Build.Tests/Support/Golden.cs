namespace FaultMatrix.Build.Tests.Support;

/// <summary>Compares a text with a committed file; UPDATE_GOLDEN=1 rewrites the file instead, for review.</summary>
internal static class Golden
{
    public static void Check(string name, string actual)
    {
        var file = Path.Combine(Repository.Tests, "Golden", name);
        actual = actual.Replace("\u001b", "\\e", StringComparison.Ordinal).Replace("\r", "\\r", StringComparison.Ordinal);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(file, actual);
        }

        Assert.True(File.Exists(file), $"{name} is not committed.");
        Assert.Equal(File.ReadAllText(file), actual);
    }
}
