namespace FaultMatrix.Build.Tests.Support;

/// <summary>Where things are in the sources that these tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string Tests => Path.Combine(Root, "tests", "Build.Tests");

    public static string FakeDomain => Path.Combine(Root, "artifacts", "bin", "Build.FakeDomain", "release", "Build.FakeDomain.dll");

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "FaultMatrix.slnx")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests run outside the sources.");
        }

        return folder.FullName;
    }
}
