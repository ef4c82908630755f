namespace EndToEnd.RealDynamo;

/// <summary>What the machine has of a real Dynamo. <c>.ci/run</c> sets the variables where it can.</summary>
internal static class DynamoParts
{
    private const string EnvironmentVariable = "FAULTMATRIX_DYNAMO";
    private const string ModelVariable = "FAULTMATRIX_DYNAMO_MODEL";

    /// <summary>A Python environment with ai-dynamo; null where none is named.</summary>
    public static string? Python { get; } = Folder(EnvironmentVariable);

    /// <summary>The folder of a small model; null where none is named.</summary>
    public static string? Model { get; } = Folder(ModelVariable);

    /// <summary>The nginx program: the one that FAULTMATRIX_NGINX names, else the machine's; null where there is none.</summary>
    public static string? Nginx { get; } =
        new[] { Environment.GetEnvironmentVariable("FAULTMATRIX_NGINX"), "/usr/sbin/nginx", "/usr/bin/nginx" }.FirstOrDefault(File.Exists);

    /// <summary>Whether rows of the real Dynamo can be run.</summary>
    public static bool AreThere => Python is not null && Model is not null;

    /// <summary>Skips the test that runs where there is no real Dynamo, or no nginx for a row that needs it.</summary>
    public static void Require(bool nginx)
    {
        Assert.SkipUnless(AreThere, $"no real Dynamo: {EnvironmentVariable} and {ModelVariable} do not name folders that are there");
        Assert.SkipWhen(nginx && Nginx is null, "there is no nginx");
    }

    private static string? Folder(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } folder && Directory.Exists(folder) ? Path.GetFullPath(folder) : null;
}
